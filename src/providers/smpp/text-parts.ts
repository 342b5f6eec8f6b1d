import type { SmsEncoding } from '../../domain/sms-encoding.js';
import { gsm7Characters } from './gsm7.js';

/** `data_coding` of the two alphabets (SMPP 3.4, 5.2.19): the centre's own, which is GSM-7 as good as always, and UCS-2. */
export const DATA_CODING = { gsm7: 0x00, ucs2: 0x08 } as const;
/** `esm_class` of a message whose text begins with a header (5.2.12). */
const HAS_HEADER = 0x40;

/** One short message of a text, as `submit_sm` carries it. */
export interface TextPart {
  readonly esm_class: number;
  readonly data_coding: number;
  readonly short_message: Buffer;
}

/** Octets of a message on its own, and of one with a header: 160 and 153 characters, or 70 and 67. */
const ROOM = { gsm7: { whole: 160, part: 153 }, ucs2: { whole: 140, part: 134 } } as const;

/**
 * Makes a text into the short messages that carry it, none of which ends within a character.
 *
 * @param nextReference tells the parts of one text from those of the next; 0 to 255. Asked only where there are parts.
 */
export function textParts(text: string, encoding: SmsEncoding, nextReference: () => number): TextPart[] {
  const gsm7 = encoding === 'gsm7' ? gsm7Characters(text) : undefined;
  // A text that was taken for GSM-7 and is not goes out whole rather than with holes.
  const alphabet = gsm7 ? 'gsm7' : 'ucs2';
  const characters = gsm7 ?? [...text].map(utf16Octets);
  const data_coding = DATA_CODING[alphabet];
  const { whole, part } = ROOM[alphabet];
  const octets = characters.flat();
  if (octets.length <= whole) return [{ esm_class: 0, data_coding, short_message: Buffer.from(octets) }];
  const chunks = chunksOf(characters, part);
  const reference = nextReference();
  return chunks.map((chunk, at) => ({
    esm_class: HAS_HEADER,
    data_coding,
    // Length, then one element: 8-bit reference, total, number (3GPP TS 23.040, 9.2.3.24.1).
    short_message: Buffer.from([5, 0, 3, reference, chunks.length, at + 1, ...chunk]),
  }));
}

function chunksOf(characters: readonly (readonly number[])[], room: number): number[][] {
  const chunks: number[][] = [[]];
  for (const octets of characters) {
    const last = chunks.at(-1);
    if (last && last.length + octets.length <= room) last.push(...octets);
    else chunks.push([...octets]);
  }
  return chunks;
}

/** Big-endian; four octets where the character is a surrogate pair. */
function utf16Octets(character: string): readonly number[] {
  return [...Buffer.from(character, 'utf16le').swap16()];
}
