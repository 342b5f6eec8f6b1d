import { describe, expect, it } from '@jest/globals';
import type { SmsEncoding } from '../../domain/sms-encoding.js';
import { smsParts, type SmsPart } from './sms-parts.js';

const sizes = (parts: readonly SmsPart[]): number[] => parts.map(({ short_message }) => short_message.length);

describe('smsParts', () => {
  it.each<[string, string, SmsEncoding, number[]]>([
    ['an empty text', '', 'gsm7', [0]],
    ['160 characters', 'a'.repeat(160), 'gsm7', [160]],
    ['161 characters', 'a'.repeat(161), 'gsm7', [6 + 153, 6 + 8]],
    ['306 characters', 'a'.repeat(306), 'gsm7', [159, 159]],
    ['307 characters', 'a'.repeat(307), 'gsm7', [159, 159, 7]],
    ['80 characters of the extension', '€'.repeat(80), 'gsm7', [160]],
    ['81 characters of the extension, none of them split', '€'.repeat(81), 'gsm7', [6 + 152, 6 + 10]],
    ['70 characters', 'ж'.repeat(70), 'ucs2', [140]],
    ['71 characters', 'ж'.repeat(71), 'ucs2', [6 + 134, 6 + 8]],
    ['35 surrogate pairs', '👍'.repeat(35), 'ucs2', [140]],
    ['36 surrogate pairs, none of them split', '👍'.repeat(36), 'ucs2', [6 + 132, 6 + 12]],
    ['text with a character that GSM-7 lacks', 'a'.repeat(71).replace('a', '✓'), 'gsm7', [6 + 134, 6 + 8]],
  ])('splits %s', (_, text, encoding, expected) => {
    expect(sizes(smsParts(text, encoding, () => 7))).toEqual(expected);
  });

  it('sets the data coding and the header flag', () => {
    expect(smsParts('Hi @', 'gsm7', () => 1)).toEqual([
      { esm_class: 0, data_coding: 0, short_message: Buffer.from([0x48, 0x69, 0x20, 0x00]) },
    ]);
    expect(smsParts('Hi', 'ucs2', () => 1)).toEqual([
      { esm_class: 0, data_coding: 8, short_message: Buffer.from([0, 0x48, 0, 0x69]) },
    ]);
    for (const part of smsParts('a'.repeat(200), 'gsm7', () => 1)) {
      expect(part).toMatchObject({ esm_class: 0x40, data_coding: 0 });
    }
  });

  it('uses no reference for a single part', () => {
    let asked = 0;
    const next = (): number => (asked += 1);
    smsParts('Hi', 'gsm7', next);
    smsParts('a'.repeat(200), 'gsm7', next);
    expect(asked).toBe(1);
  });

  it('numbers the parts', () => {
    const headers = smsParts('a'.repeat(400), 'gsm7', () => 0xfe).map(({ short_message }) => [
      ...short_message.subarray(0, 6),
    ]);
    expect(headers).toEqual([
      [5, 0, 3, 0xfe, 3, 1],
      [5, 0, 3, 0xfe, 3, 2],
      [5, 0, 3, 0xfe, 3, 3],
    ]);
  });
});
