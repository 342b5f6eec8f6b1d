import { describe, expect, it } from '@jest/globals';
import { SmsGuardSettings, type SmsPriceSettings } from '../../../platform/config/sms-settings.js';
import { priceOf, toMicros } from './price-of.js';

const guardWith = (...prices: SmsPriceSettings[]): SmsGuardSettings =>
  Object.assign(new SmsGuardSettings(), { currency: 'EUR', prices });

describe('priceOf', () => {
  const guard = guardWith(
    { provider: 'twilio', countries: ['DE', 'AT'], perSegment: 0.0079 },
    { countries: ['DE'], perSegment: 0.05 },
    { provider: 'twilio', perSegment: 0.1 },
  );

  it.each([
    ['by vendor and country', 'twilio', 'DE', 7_900],
    ['by vendor, for another country in its list', 'twilio', 'AT', 7_900],
    ['by country, for any vendor', 'vonage', 'DE', 50_000],
    ['by vendor, for any country', 'twilio', 'FR', 100_000],
    ['by vendor, for a number without country', 'twilio', null, 100_000],
  ])('uses the first matching price: %s', (_, provider, country, micros) => {
    expect(priceOf(guard, provider, country, 1)).toEqual({ micros, currency: 'EUR' });
  });

  it('is null if no price is configured', () => {
    expect(priceOf(guard, 'vonage', 'FR', 1)).toBeNull();
    expect(priceOf(guard, 'vonage', null, 1)).toBeNull();
    expect(priceOf(new SmsGuardSettings(), 'twilio', 'DE', 1)).toBeNull();
  });

  it('multiplies by segments without floating-point errors', () => {
    expect(0.1 * 3).not.toBe(0.3);
    expect(priceOf(guardWith({ perSegment: 0.1 }), 'any', null, 3)?.micros).toBe(300_000);
    expect(priceOf(guardWith({ perSegment: 0.0079 }), 'any', null, 6)?.micros).toBe(47_400);
    expect(priceOf(guardWith({ perSegment: 0 }), 'any', null, 6)?.micros).toBe(0);
  });
});

describe('toMicros', () => {
  it.each([
    [0.0079, 7_900],
    [1.1, 1_100_000],
    [4.35, 4_350_000],
    [0.000_000_4, 0],
    [25_000, 25_000_000_000],
  ])('converts %d to %d', (amount, micros) => expect(toMicros(amount)).toBe(micros));
});
