import type { SmsEncoding } from '../../domain/sms-encoding.js';
import type { SmppAlphabet } from './smpp-settings.js';
import { gsm7Characters } from './gsm7.js';

/** `data_coding` of the SMSC's default alphabet and of UCS-2 (SMPP 3.4, 5.2.19). */
export const DATA_CODING = { gsm7: 0x00, ucs2: 0x08 } as const;
/** `esm_class` of a message whose content starts with a header (5.2.12). */
const HAS_HEADER = 0x40;

/** A part of an SMS as `submit_sm` carries it. */
export interface SmsPart {
  readonly esm_class: number;
  readonly data_coding: number;
  readonly short_message: Buffer;
}

/**
 * Capacity of a single message and of a part with header: 160 and 153 septets, or 140 and 134 octets of UCS-2 for 70
 * and 67 characters. SMSCs with another default alphabet convert it to GSM-7, so the same limits apply.
 */
const CAPACITY = { gsm7: { whole: 160, part: 153 }, ucs2: { whole: 140, part: 134 } } as const;

/**
 * Splits an SMS into messages, none of which ends within a character.
 *
 * @param alphabet the SMSC's default alphabet, `data_coding` 0.
 * @param nextReference returns a reference, 0 to 255, shared by the parts of an SMS. Called only if there are several.
 */
export function smsParts(
  text: string,
  encoding: SmsEncoding,
  nextReference: () => number,
  alphabet: SmppAlphabet = 'gsm7',
): SmsPart[] {
  const inDefault = encoding === 'gsm7' ? defaultCharacters(text, alphabet) : undefined;
  // If the SMSC's alphabet lacks a character, the whole text is sent in UCS-2.
  const characters = inDefault ?? [...text].map(utf16Character);
  const coding = inDefault ? 'gsm7' : 'ucs2';
  const data_coding = DATA_CODING[coding];
  const { whole, part } = CAPACITY[coding];
  const size = characters.reduce((sum, { room }) => sum + room, 0);
  const octets = characters.flatMap((character) => character.octets);
  if (size <= whole) return [{ esm_class: 0, data_coding, short_message: Buffer.from(octets) }];
  const chunks = chunksOf(characters, part);
  const reference = nextReference();
  return chunks.map((chunk, at) => ({
    esm_class: HAS_HEADER,
    data_coding,
    // Header length, then an element: 8-bit reference, total, number (3GPP TS 23.040, 9.2.3.24.1).
    short_message: Buffer.from([5, 0, 3, reference, chunks.length, at + 1, ...chunk]),
  }));
}

interface Character {
  readonly octets: readonly number[];
  /** Septets or octets over the air. */
  readonly room: number;
}

/** Undefined if the SMSC's alphabet or GSM-7 lacks a character. */
function defaultCharacters(text: string, alphabet: SmppAlphabet): Character[] | undefined {
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

/** Big-endian; surrogate pairs take four octets. */
function utf16Character(character: string): Character {
  const octets = [...Buffer.from(character, 'utf16le').swap16()];
  return { octets, room: octets.length };
}
