import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countSegments } from './count-segments.js';
import { transliterate } from './transliterate.js';
import { draws } from '../../../../test/support/draws.js';

describe('transliterate', () => {
  it.each([
    ['“Don’t” – stop…', '"Don\'t" - stop...'],
    ['«Ça va, garçon ?»', '"Ça va, garcon ?"'],
    ['‹a› ‘b’ „c‟', "'a' 'b' \"c\""],
    ['Zażółć gęślą jaźń', 'Zazolc gesla jazn'],
    ['Você não está só', 'Voce nao esta so'],
    // Characters of GSM-7 stay unchanged.
    ['Grüße aus Malmö · è é ù ì ò à ñ €', 'Grüße aus Malmö * è é ù ì ò à ñ €'],
    ['cafe\u0301 ›', "café '"],
    ['a\u00a0b\u202fc\u2009d', 'a b c d'],
    ['zero\u200bwidth\u200d\ufeff\u2060\u00ad', 'zerowidth'],
    ['a\u2028b\tc', 'a b c'],
    ['5 × 3 → 15 °C', '5 x 3 -> 15  degC'],
    ['Acme™ ©', 'AcmeTM (C)'],
    ['₹500, ₽100', 'Rs 500, RUB100'],
    ['`code`', "'code'"],
  ])('converts %j to %j', (text, plain) => {
    expect(transliterate(text)).toBe(plain);
  });

  it.each([
    ['that is already GSM-7', 'Hello {you}'],
    ['in Cyrillic', 'Привет – мир'],
    ['in Chinese', '你好…'],
    ['in Hindi', 'नमस्ते “दुनिया”'],
    ['in Arabic', 'مرحبا…'],
    ['with an emoji', '“Yes” 👍'],
    ['with an emoji sequence', '“Family” 👨‍👩‍👧'],
    ['with a heart', '“Love” ❤️'],
  ])('leaves text %s unchanged', (_, text) => {
    expect(transliterate(text)).toBe(text);
  });

  it('converts the whole text to GSM-7 or leaves it unchanged', () => {
    const inputs = fc.string({ unit: fc.oneof(fc.constantFrom('“', 'ç', 'ж', '😀', 'a', ' '), fc.string()) });
    fc.assert(
      fc.property(inputs, (text) => {
        const result = transliterate(text);
        expect(result === text || countSegments(result).encoding === 'gsm7').toBe(true);
      }),
      draws(100),
    );
  });
});
