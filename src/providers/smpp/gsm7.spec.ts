import { describe, expect, it } from '@jest/globals';
import { gsm7Characters, gsm7Text } from './gsm7.js';
import { smpp } from './smpp-package.js';

const octetsOf = (text: string): Buffer => Buffer.from((gsm7Characters(text) ?? []).flat());
/** Every code of the default alphabet except the escape, and every character of its extension. */
const ALL = Buffer.from([
  ...Array.from({ length: 128 }, (_, code) => code).filter((code) => code !== 0x1b),
  ...[0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65].flatMap((code) => [0x1b, code]),
]);

describe('GSM-7', () => {
  it('decodes each character like the package', () => {
    expect(gsm7Text(ALL)).toBe(smpp.gsmCoder.decode(ALL, 0));
    expect(gsm7Text(ALL)).toHaveLength(137);
  });

  it('round-trips', () => {
    expect(octetsOf(gsm7Text(ALL)).equals(ALL)).toBe(true);
  });

  it.each([
    ['@£$_', [0x00, 0x01, 0x02, 0x11]],
    ['Ä¡à', [0x5b, 0x40, 0x7f]],
    ['€[', [0x1b, 0x65, 0x1b, 0x3c]],
    ['\r\n', [0x0d, 0x0a]],
    ['', []],
  ])('encodes %j', (text, octets) => {
    expect([...octetsOf(text)]).toEqual(octets);
  });

  it.each(['ç', '`', '👍', '’', '\u001b', 'ok ✓'])('cannot encode %j', (text) => {
    expect(gsm7Characters(text)).toBeUndefined();
  });

  it('decodes other octets as Latin-1 and ignores an escape before an unknown code', () => {
    expect(gsm7Text(Buffer.from([0xe7, 0x41]))).toBe('çA');
    expect(gsm7Text(Buffer.from([0x1b, 0x41, 0x42]))).toBe('AB');
    expect(gsm7Text(Buffer.from([0x41, 0x1b]))).toBe('A');
  });
});
