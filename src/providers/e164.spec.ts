import { describe, expect, it } from '@jest/globals';
import { e164 } from './e164.js';

describe('e164', () => {
  it.each([
    ['+14155550100', '+14155550100'],
    ['14155550100', '+14155550100'],
    [' 385916242493 ', '+385916242493'],
    ['12345', undefined],
    ['Bellhop', undefined],
    ['whatsapp:+14155550100', undefined],
    ['+0155550100', undefined],
    ['1234567890123456', undefined],
    [14_155_550_100, undefined],
    [undefined, undefined],
  ])('converts %p', (number, expected) => {
    expect(e164(number)).toBe(expected);
  });
});
