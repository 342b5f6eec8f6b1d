import { describe, expect, it } from '@jest/globals';
import { vendorDate } from './vendor-date.js';

describe('vendorDate', () => {
  it.each([
    ['2020-01-01 12:00:00', '2020-01-01T12:00:00.000Z'],
    ['2020-01-01 12:00:00.123456', '2020-01-01T12:00:00.123Z'],
    ['2020-01-01T12:00:00Z', '2020-01-01T12:00:00.000Z'],
    ['2020-01-01T12:00:00.678+00:00', '2020-01-01T12:00:00.678Z'],
    ['2020-01-01T14:00:00+02:00', '2020-01-01T12:00:00.000Z'],
  ])('parses %s', (value, expected) => {
    expect(vendorDate(value)?.toISOString()).toBe(expected);
  });

  it.each([undefined, 17, '', 'yesterday', '2001011400', '2020-01-01T12:00:00', '2020-13-01 12:00:00'])(
    'knows no moment for %s',
    (value) => {
      expect(vendorDate(value)).toBeNull();
    },
  );
});
