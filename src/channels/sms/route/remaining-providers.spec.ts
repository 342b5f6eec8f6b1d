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

describe('waysLeft', () => {
  it('follows the route at first', () => {
    expect(names(['a', 'b', 'c'], [])).toEqual(['a', 'b', 'c']);
  });

  it.each(['unavailable', 'over_quota', 'error', 'unknown'] as const)(
    'puts a vendor behind the others after: %s',
    (outcome) => {
      expect(names(['a', 'b', 'c'], [made('a', outcome)])).toEqual(['b', 'c', 'a']);
    },
  );

  it.each(['accepted', 'refused', 'misconfigured'] as const)('asks a vendor no more after: %s', (outcome) => {
    expect(names(['a', 'b'], [made('a', outcome)])).toEqual(['b']);
  });

  it('starts over when all have failed as often', () => {
    const attempts = [made('a', 'unavailable'), made('b', 'unavailable')];
    expect(names(['a', 'b'], attempts)).toEqual(['a', 'b']);
    expect(names(['a', 'b'], [...attempts, made('a', 'unavailable')])).toEqual(['b', 'a']);
  });

  it('holds a vendor that is over quota against it only where the text does not wait for it', () => {
    const attempts = [made('a', 'over_quota')];
    const first = (onOverQuota: 'moveOn' | 'wait'): string | undefined =>
      remainingProviders({ route: ['a', 'b'], onOverQuota }, attempts)[0]?.provider;
    expect(first('moveOn')).toBe('b');
    expect(first('wait')).toBe('a');
  });

  it('is empty when all have decided', () => {
    expect(names(['a', 'b'], [made('a', 'misconfigured'), made('b', 'refused')])).toEqual([]);
  });
});

describe('an attempt', () => {
  it('was cut off where it has neither end nor code', () => {
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
  ] as const)('makes the next one a possible double: %s: %s', (outcome, expected) => {
    expect(mayBeDouble([made('a', 'unavailable'), made('a', outcome)])).toBe(expected);
  });
});

describe('waysToTry', () => {
  const toTry = (route: string[], attempts: MadeAttempt[]): string[] =>
    providersToTry({ route, onOverQuota: 'moveOn' }, attempts).map(({ provider }) => provider);

  it('is what is left, as long as something is', () => {
    expect(toTry(['a', 'b'], [made('a', 'misconfigured')])).toEqual(['b']);
  });

  it('is the one that refused credentials last where nothing is', () => {
    expect(toTry(['a'], [made('a', 'misconfigured')])).toEqual(['a']);
    expect(toTry(['a', 'b'], [made('a', 'misconfigured'), made('b', 'misconfigured')])).toEqual(['b']);
    expect(toTry(['a', 'b'], [made('a', 'misconfigured'), made('b', 'refused')])).toEqual([]);
    expect(toTry(['b'], [made('a', 'misconfigured'), made('b', 'refused')])).toEqual([]);
  });

  it('is nothing where that one is no longer configured', () => {
    expect(toTry([], [made('a', 'misconfigured')])).toEqual([]);
  });
});
