import { describe, expect, it } from '@jest/globals';
import { countSegments } from './count-segments.js';

const a = (count: number): string => 'a'.repeat(count);
const zhe = (count: number): string => 'ж'.repeat(count);

const CASES: [string, string, string, number][] = [
  ['empty text', '', 'gsm7', 1],
  ['160 septets', a(160), 'gsm7', 1],
  ['161 septets', a(161), 'gsm7', 2],
  ['twice 153 septets', a(306), 'gsm7', 2],
  ['one septet more than two segments hold', a(307), 'gsm7', 3],
  ['80 characters of the GSM-7 extension', '€'.repeat(80), 'gsm7', 1],
  ['81 characters of the GSM-7 extension', '€'.repeat(81), 'gsm7', 2],
  ['all characters of the GSM-7 extension', '^{}\\[~]|€\f', 'gsm7', 1],
  ['an extension character that does not fit the end of a segment', `${a(152)}€${a(152)}`, 'gsm7', 3],
  ['an extension character that fits the end of a segment', `${a(151)}€${a(153)}`, 'gsm7', 2],
  ['letters of GSM-7', '@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà', 'gsm7', 1],
  ['line feeds', '\r\n'.repeat(80), 'gsm7', 1],
  ['a letter that GSM-7 lacks', 'ç', 'ucs2', 1],
  ['a backtick', '`', 'ucs2', 1],
  ['70 units', zhe(70), 'ucs2', 1],
  ['71 units', zhe(71), 'ucs2', 2],
  ['twice 67 units', zhe(134), 'ucs2', 2],
  ['one unit more than two segments hold', zhe(135), 'ucs2', 3],
  ['35 emoji of two units', '😀'.repeat(35), 'ucs2', 1],
  ['36 emoji of two units', '😀'.repeat(36), 'ucs2', 2],
  ['an emoji that does not fit the end of a segment', `${zhe(66)}😀${zhe(66)}`, 'ucs2', 3],
  ['one UCS-2 character among GSM-7 ones', `${a(70)}ж`, 'ucs2', 2],
  ['a letter with 133 accents', `x${'\u0301'.repeat(133)}`, 'ucs2', 2],
  ['a letter with 670 accents', `x${'\u0301'.repeat(670)}`, 'ucs2', 11],
];

describe('countSegments', () => {
  it.each(CASES)('counts the segments of %s', (_, text, encoding, segments) => {
    expect(countSegments(text)).toEqual({ encoding, segments });
  });
});
