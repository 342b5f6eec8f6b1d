import anyAscii from 'any-ascii';
import { countSegments } from './count-segments.js';

/** Where the library has nothing, or less than people expect. */
const BETTER: Readonly<Record<string, string>> = {
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

/** Joiners, marks of direction and accents: what they change is lost in plain letters anyway. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{M}]/u;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Latin letters, and what belongs to no script: punctuation, symbols, white space, digits. */
const HAS_PLAIN_FORM = /[\p{Script=Latin}\p{Script=Common}]/u;
/** The library's names of emoji, such as `:thumbsup:`. */
const NAME = /^:.*:$/;

/**
 * A text in GSM-7, with the characters replaced that the alphabet lacks: “quotes”, dashes, accents, hard spaces. A
 * text stays as it is where that cannot be done to all of it, because one character left over costs as much as all;
 * letters of other scripts and emoji have no plain form that their readers would know.
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
  const better = BETTER[character];
  if (better !== undefined) return better;
  if (countSegments(character).encoding === 'gsm7') return character;
  if (INVISIBLE.test(character)) return '';
  if (CONTROL.test(character)) return ' ';
  if (!HAS_PLAIN_FORM.test(character)) return undefined;
  const ascii = anyAscii(character);
  return ascii === '' || NAME.test(ascii) ? undefined : ascii;
}
