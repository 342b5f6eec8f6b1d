import { describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../../../domain/outcome.js';
import {
  mayBeDouble,
  wasCutOff,
  remainingProviders,
  providersToTry,
  type MadeAttempt,
} from './remaining-providers.js';

const made = (
  provider: string,
  outcome: AttemptOutcome,
  vendorCode: string | null = 'code',
): MadeAttempt => ({
  provider,
  outcome,
  vendorCode,
});
const names = (route: string[], attempts: MadeAttempt[]): string[] =>
  remainingProviders({ route, onOverQuota: 'moveOn' }, attempts).map(({ provider }) => provider);

describe('remainingProviders', () => {
  it('follows the route before the first attempt', () => {
    expect(names(['a', 'b', 'c'], [])).toEqual(['a', 'b', 'c']);
  });

  it.each(['unavailable', 'over_quota', 'error', 'unknown'] as const)(
    'moves a vendor behind the others after the outcome %s',
    (outcome) => {
      expect(names(['a', 'b', 'c'], [made('a', outcome)])).toEqual(['b', 'c', 'a']);
    },
  );

  it.each(['accepted', 'refused', 'misconfigured'] as const)(
    'excludes a vendor after the outcome %s',
    (outcome) => {
      expect(names(['a', 'b'], [made('a', outcome)])).toEqual(['b']);
    },
  );

  it('starts the route over once all have failed equally often', () => {
    const attempts = [made('a', 'unavailable'), made('b', 'unavailable')];
    expect(names(['a', 'b'], attempts)).toEqual(['a', 'b']);
    expect(names(['a', 'b'], [...attempts, made('a', 'unavailable')])).toEqual(['b', 'a']);
  });

  it('counts a vendor over quota as failed unless the plan waits for it', () => {
    const attempts = [made('a', 'over_quota')];
    const first = (onOverQuota: 'moveOn' | 'wait'): string | undefined =>
      remainingProviders({ route: ['a', 'b'], onOverQuota }, attempts)[0]?.provider;
    expect(first('moveOn')).toBe('b');
    expect(first('wait')).toBe('a');
  });

  it('is empty once all vendors have decided', () => {
    expect(names(['a', 'b'], [made('a', 'misconfigured'), made('b', 'refused')])).toEqual([]);
  });
});

describe('MadeAttempt', () => {
  it('was cut off if its outcome is unknown and it has no vendor code', () => {
    expect(wasCutOff(made('a', 'unknown', null))).toBe(true);
    expect(wasCutOff(made('a', 'unknown', 'timeout'))).toBe(false);
    expect(wasCutOff(made('a', 'unavailable', null))).toBe(false);
  });

  it.each([
    ['accepted', true],
    ['unknown', true],
    ['refused', false],
    ['unavailable', false],
    ['over_quota', false],
    ['misconfigured', false],
    ['error', false],
  ] as const)('%s: makes the next attempt a possible double: %s', (outcome, expected) => {
    expect(mayBeDouble([made('a', 'unavailable'), made('a', outcome)])).toBe(expected);
  });
});

describe('providersToTry', () => {
  const toTry = (route: string[], attempts: MadeAttempt[]): string[] =>
    providersToTry({ route, onOverQuota: 'moveOn' }, attempts).map(({ provider }) => provider);

  it('returns the remaining providers, if any', () => {
    expect(toTry(['a', 'b'], [made('a', 'misconfigured')])).toEqual(['b']);
  });

  it('otherwise returns the provider that refused its credentials in the last attempt', () => {
    expect(toTry(['a'], [made('a', 'misconfigured')])).toEqual(['a']);
    expect(toTry(['a', 'b'], [made('a', 'misconfigured'), made('b', 'misconfigured')])).toEqual(['b']);
    expect(toTry(['a', 'b'], [made('a', 'misconfigured'), made('b', 'refused')])).toEqual([]);
    expect(toTry(['b'], [made('a', 'misconfigured'), made('b', 'refused')])).toEqual([]);
  });

  it('returns none if that provider is no longer configured', () => {
    expect(toTry([], [made('a', 'misconfigured')])).toEqual([]);
  });
});
