import { describe, expect, it } from '@jest/globals';
import { countryOf, toE164 } from './phone-number.js';

describe('toE164', () => {
  it.each([
    ['+14155550100', undefined, '+14155550100'],
    ['+1 (415) 555-0100', undefined, '+14155550100'],
    [' +91 95911 28691 ', 'US', '+919591128691'],
    ['(415) 555-0100', 'US', '+14155550100'],
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['011 44 7700 900123', 'US', '+447700900123'],
    // From a range that is in no plan yet, or that is for films: of the right length.
    ['+447700900123', undefined, '+447700900123'],
    ['+870123456789', undefined, '+870123456789'],
  ])('reads %s, dialled from %s', (text, country, phno) => {
    expect(toE164(text, country)).toBe(phno);
  });

  it.each([
    ['nothing', '', 'US'],
    ['words', 'call me', 'US'],
    ['a number within words', 'call +14155550100 now', 'US'],
    ['a national number and no country', '4155550100', undefined],
    ['a national number and a country without a plan', '4155550100', 'AQ'],
    ['too few digits', '+1415555010', 'US'],
    ['too many digits', '+14155550100123', 'US'],
    ['a country code that nobody has', '+999123456789', 'US'],
    ['an extension', '+14155550100 ext. 5', 'US'],
    ['letters among the digits', '+1415555O100', 'US'],
    ['an endless text', '+1'.repeat(10_000), 'US'],
    ['control characters', '+1415555\u00000100', 'US'],
  ])('refuses %s', (_, text, country) => {
    expect(toE164(text, country)).toBeUndefined();
  });
});

describe('countryOf', () => {
  it.each([
    ['+14155550100', 'US'],
    ['+14165550100', 'CA'],
    ['+18765550100', 'JM'],
    ['+447797123456', 'JE'],
    ['+77011234567', 'KZ'],
    ['+447700900123', 'GB'],
    ['+919591128691', 'IN'],
    ['+870123456789', undefined],
    ['nonsense', undefined],
  ])('tells that %s is of %s', (phno, country) => {
    expect(countryOf(phno)).toBe(country);
  });
});
