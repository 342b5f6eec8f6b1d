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
  ])('%s', (id, canonical) => {
    expect(canonicalId(id)).toBe(canonical);
  });
});

describe('acceptedIds', () => {
  /** An id as a centre may write it: 11259375 is 0xabcdef. */
  const SPELLINGS = ['ABCDEF', 'abcdef', '00ABCDEF', '11259375', '0011259375'];
  const pairs = SPELLINGS.flatMap((submitted) =>
    SPELLINGS.map((receipted) => [submitted, receipted] as const),
  );

  it.each(pairs)('finds what was accepted as %s by a receipt for %s', (submitted, receipted) => {
    expect(acceptedIds(receipted, 'any')).toContain(canonicalId(submitted));
  });

  it('puts the same number first', () => {
    expect(acceptedIds('0016', 'any')).toEqual(['16', '10', '22']);
    expect(acceptedIds('5', 'any')).toEqual(['5']);
  });

  it('offers one where the format is known', () => {
    expect(acceptedIds('11259375', 'decimal')).toEqual(['abcdef']);
    expect(acceptedIds('00ABCDEF', 'hexadecimal')).toEqual(['11259375']);
    expect(acceptedIds('0016', 'same')).toEqual(['16']);
  });

  it('leaves what is no number', () => {
    for (const format of ['any', 'same', 'decimal', 'hexadecimal'] as const) {
      expect(acceptedIds('Msg-0001-X', format)).toEqual(['msg-0001-x']);
    }
  });

  it('loses no digit of a long one', () => {
    expect(acceptedIds('18446744073709551615', 'decimal')).toEqual(['ffffffffffffffff']);
    expect(acceptedIds('FFFFFFFFFFFFFFFF', 'any')).toEqual(['ffffffffffffffff', '18446744073709551615']);
  });
});
