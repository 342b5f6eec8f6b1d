import type { SmsEncoding } from '../../domain/sms-encoding.js';
import type { SmppAlphabet } from './smpp-settings.js';
import { gsm7Characters } from './gsm7.js';

/** `data_coding` of the two alphabets (SMPP 3.4, 5.2.19): the centre's own, and UCS-2. */
export const DATA_CODING = { gsm7: 0x00, ucs2: 0x08 } as const;
/** `esm_class` of a message whose text begins with a header (5.2.12). */
const HAS_HEADER = 0x40;

/** One short message of a text, as `submit_sm` carries it. */
export interface SmsPart {
  readonly esm_class: number;
  readonly data_coding: number;
  readonly short_message: Buffer;
}

/**
 * Septets of a message on its own, and of one with a header: 160 and 153; or octets of UCS-2, for 70 and 67 characters.
 * A centre whose own alphabet is another one makes it into GSM-7, so that the same number of characters has room.
 */
const ROOM = { gsm7: { whole: 160, part: 153 }, ucs2: { whole: 140, part: 134 } } as const;

/**
 * Makes a text into the short messages that carry it, none of which ends within a character.
 *
 * @param alphabet what the centre takes `data_coding` 0 for.
 * @param nextReference tells the parts of one text from those of the next; 0 to 255. Asked only where there are parts.
 */
export function smsParts(
  text: string,
  encoding: SmsEncoding,
  nextReference: () => number,
  alphabet: SmppAlphabet = 'gsm7',
): SmsPart[] {
  const own = encoding === 'gsm7' ? ownCharacters(text, alphabet) : undefined;
  // A text that the centre's alphabet lacks a character for goes out whole rather than with holes.
  const characters = own ?? [...text].map(utf16Character);
  const coding = own ? 'gsm7' : 'ucs2';
  const data_coding = DATA_CODING[coding];
  const { whole, part } = ROOM[coding];
  const size = characters.reduce((sum, { room }) => sum + room, 0);
  const octets = characters.flatMap((character) => character.octets);
  if (size <= whole) return [{ esm_class: 0, data_coding, short_message: Buffer.from(octets) }];
  const chunks = chunksOf(characters, part);
  const reference = nextReference();
  return chunks.map((chunk, at) => ({
    esm_class: HAS_HEADER,
    data_coding,
    // Length, then one element: 8-bit reference, total, number (3GPP TS 23.040, 9.2.3.24.1).
    short_message: Buffer.from([5, 0, 3, reference, chunks.length, at + 1, ...chunk]),
  }));
}

interface Character {
  readonly octets: readonly number[];
  /** Septets or octets that it takes on the air. */
  readonly room: number;
}

/** Undefined where the centre's alphabet, or GSM-7, lacks a character. */
function ownCharacters(text: string, alphabet: SmppAlphabet): Character[] | undefined {
  const gsm7 = gsm7Characters(text);
  if (!gsm7 || alphabet === 'gsm7') return gsm7?.map((octets) => ({ octets, room: octets.length }));
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  if (codes.some((code) => code > (alphabet === 'ascii' ? 0x7f : 0xff))) return undefined;
  return codes.map((code, index) => ({ octets: [code], room: gsm7[index]?.length ?? 1 }));
}

function chunksOf(characters: readonly Character[], room: number): number[][] {
  const chunks: { octets: number[]; size: number }[] = [{ octets: [], size: 0 }];
  for (const character of characters) {
    const last = chunks.at(-1);
    if (last && last.size + character.room <= room) {
      last.octets.push(...character.octets);
      last.size += character.room;
    } else chunks.push({ octets: [...character.octets], size: character.room });
  }
  return chunks.map(({ octets }) => octets);
}

/** Big-endian; four octets where the character is a surrogate pair. */
function utf16Character(character: string): Character {
  const octets = [...Buffer.from(character, 'utf16le').swap16()];
  return { octets, room: octets.length };
}
