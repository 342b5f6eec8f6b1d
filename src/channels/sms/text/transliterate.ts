import anyAscii from 'any-ascii';
import { countSegments } from './count-segments.js';

/** Replacements that the library lacks or that readers know better. */
const OVERRIDES: Readonly<Record<string, string>> = {
  '`': "'",
  '\t': ' ',
  '«': '"',
  '»': '"',
  '‹': "'",
  '›': "'",
  '×': 'x',
  '·': '*',
  '¶': '',
  '°': ' deg',
  '→': '->',
  '←': '<-',
  '₽': 'RUB',
  '₺': 'TRY',
  '₹': 'Rs ',
};

/** Joiners, direction marks and accents, which have no effect on plain letters. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{M}]/u;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Latin letters and characters of no script: punctuation, symbols, white space, digits. */
const HAS_PLAIN_FORM = /[\p{Script=Latin}\p{Script=Common}]/u;
/** The library's name of an emoji, such as `:thumbsup:`. */
const EMOJI_NAME = /^:.*:$/;

/**
 * Replaces characters that GSM-7 lacks: “quotes”, dashes, accents, non-breaking spaces. Returns the text unchanged unless
 * all of it becomes GSM-7, because a single other character costs as much as many. Letters of other scripts and emoji
 * have no plain form that their readers know.
 */
export function transliterate(text: string): string {
  if (countSegments(text).encoding === 'gsm7') return text;
  const plain = new Map<string, string>();
  let result = '';
  for (const character of text.normalize('NFC')) {
    const known = plain.get(character) ?? plainFormOf(character);
    if (known === undefined) return text;
    plain.set(character, known);
    result += known;
  }
  return countSegments(result).encoding === 'gsm7' ? result : text;
}

function plainFormOf(character: string): string | undefined {
  const override = OVERRIDES[character];
  if (override !== undefined) return override;
  if (countSegments(character).encoding === 'gsm7') return character;
  if (INVISIBLE.test(character)) return '';
  if (CONTROL.test(character)) return ' ';
  if (!HAS_PLAIN_FORM.test(character)) return undefined;
  const ascii = anyAscii(character);
  return ascii === '' || EMOJI_NAME.test(ascii) ? undefined : ascii;
}
