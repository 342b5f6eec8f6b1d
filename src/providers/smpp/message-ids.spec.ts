import { describe, expect, it } from '@jest/globals';
import { acceptedIds, canonicalId } from './message-ids.js';

describe('canonicalId', () => {
  it.each([
    ['00ABCDEF', 'abcdef'],
    ['abcdef', 'abcdef'],
    ['0000000042', '42'],
    ['0012AB', '12ab'],
    ['000G12', 'g12'],
    ['0x12AB', '12ab'],
    ['0', '0'],
    ['000', '0'],
    [' 1f ', '1f'],
    ['0118Z-0122I-57DGB', '0118z-0122i-57dgb'],
    ['6F9619FF-8B86-D011-B42D-00CF4FC964FF', '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
  ])('normalizes %s', (id, canonical) => {
    expect(canonicalId(id)).toBe(canonical);
  });
});

describe('acceptedIds', () => {
  /** Spellings of an id: 11259375 is 0xabcdef. */
  const SPELLINGS = ['ABCDEF', 'abcdef', '00ABCDEF', '11259375', '0011259375'];
  const pairs = SPELLINGS.flatMap((submitted) => SPELLINGS.map((reported) => [submitted, reported] as const));

  it.each(pairs)('finds an SMS accepted as %s by a delivery report for %s', (submitted, reported) => {
    expect(acceptedIds(reported, 'any')).toContain(canonicalId(submitted));
  });

  it('returns the identical id first', () => {
    expect(acceptedIds('0016', 'any')).toEqual(['16', '10', '22']);
    expect(acceptedIds('5', 'any')).toEqual(['5']);
  });

  it('returns a single id for a known format', () => {
    expect(acceptedIds('11259375', 'decimal')).toEqual(['abcdef']);
    expect(acceptedIds('00ABCDEF', 'hexadecimal')).toEqual(['11259375']);
    expect(acceptedIds('0016', 'same')).toEqual(['16']);
  });

  it('keeps ids that are not numbers', () => {
    for (const format of ['any', 'same', 'decimal', 'hexadecimal'] as const) {
      expect(acceptedIds('Msg-0001-X', format)).toEqual(['msg-0001-x']);
    }
  });

  it('keeps all digits of a long id', () => {
    expect(acceptedIds('18446744073709551615', 'decimal')).toEqual(['ffffffffffffffff']);
    expect(acceptedIds('FFFFFFFFFFFFFFFF', 'any')).toEqual(['ffffffffffffffff', '18446744073709551615']);
  });
});
