import { describe, expect, it } from '@jest/globals';
import { countSegments } from './count-segments.js';

const a = (count: number): string => 'a'.repeat(count);
const zhe = (count: number): string => 'ж'.repeat(count);

const TEXTS: [string, string, string, number][] = [
  ['nothing', '', 'gsm7', 1],
  ['160 septets', a(160), 'gsm7', 1],
  ['161 septets', a(161), 'gsm7', 2],
  ['twice 153 septets', a(306), 'gsm7', 2],
  ['one more', a(307), 'gsm7', 3],
  ['80 characters of the extension', '€'.repeat(80), 'gsm7', 1],
  ['81 of them', '€'.repeat(81), 'gsm7', 2],
  ['the whole extension', '^{}\\[~]|€\f', 'gsm7', 1],
  ['one of the extension that would be torn', `${a(152)}€${a(152)}`, 'gsm7', 3],
  ['the same a place earlier', `${a(151)}€${a(153)}`, 'gsm7', 2],
  ['the alphabet’s own letters', '@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà', 'gsm7', 1],
  ['line feeds', '\r\n'.repeat(80), 'gsm7', 1],
  ['what only looks like the alphabet', 'ç', 'ucs2', 1],
  ['a backtick', '`', 'ucs2', 1],
  ['70 units', zhe(70), 'ucs2', 1],
  ['71 units', zhe(71), 'ucs2', 2],
  ['twice 67 units', zhe(134), 'ucs2', 2],
  ['one more', zhe(135), 'ucs2', 3],
  ['35 emoji of two units', '😀'.repeat(35), 'ucs2', 1],
  ['36 of them', '😀'.repeat(36), 'ucs2', 2],
  ['an emoji that would be torn', `${zhe(66)}😀${zhe(66)}`, 'ucs2', 3],
  ['one foreign character among many', `${a(70)}ж`, 'ucs2', 2],
  ['a letter under a heap of accents', `x${'\u0301'.repeat(133)}`, 'ucs2', 2],
  ['a letter under a larger heap', `x${'\u0301'.repeat(670)}`, 'ucs2', 11],
];

describe('countSegments', () => {
  it.each(TEXTS)('counts %s', (_, text, encoding, segments) => {
    expect(countSegments(text)).toEqual({ encoding, segments });
  });
});
