import { describe, expect, it } from '@jest/globals';
import { rateUnitsOf } from './rate-units.js';

const message = { text: 'a'.repeat(400), encoding: 'gsm7', segments: 3 } as const;

describe('rateUnitsOf', () => {
  it.each([
    ['smpp', undefined, 3],
    ['twilio', undefined, 3],
    ['aws', undefined, 3],
    ['vonage', undefined, 1],
    ['http', undefined, 1],
    ['http', 'segments', 3],
    ['smpp', 'texts', 1],
  ] as const)('type %s, throughputCounts %s: takes %i units', (type, throughputCounts, units) => {
    const settings = throughputCounts === undefined ? { type } : { type, throughputCounts };
    expect(rateUnitsOf({}, message)(settings)).toBe(units);
  });

  it('uses the number of parts that the provider counts', () => {
    expect(rateUnitsOf({ countParts: () => 6 }, message)({ type: 'smpp' })).toBe(6);
  });
});
