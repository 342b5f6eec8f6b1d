import { describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';
import { nextRoute } from './next-route.js';

const ROUTE = ['a', 'b', 'c'];
const made = (...attempts: [provider: string, outcome: AttemptOutcome][]) =>
  attempts.map(([provider, outcome]) => ({ provider, outcome }));

describe('nextRoute', () => {
  it.each<[string, Reason | null, ReturnType<typeof made>, string[]]>([
    ['continues after the vendor that accepted the SMS', null, made(['a', 'accepted']), ['b', 'c']],
    [
      'continues after a failure that depends on the route',
      'undelivered',
      made(['a', 'accepted']),
      ['b', 'c'],
    ],
    [
      'continues after a message that a mobile carrier filtered',
      'message_refused',
      made(['a', 'accepted']),
      ['b', 'c'],
    ],
    [
      'includes vendors that were unavailable',
      null,
      made(['a', 'unavailable'], ['b', 'accepted']),
      ['a', 'c'],
    ],
    [
      'leaves out vendors that refused the SMS or may have accepted it',
      null,
      made(['a', 'refused'], ['b', 'unknown'], ['c', 'accepted']),
      [],
    ],
    [
      'leaves out vendors without valid credentials',
      null,
      made(['b', 'misconfigured'], ['a', 'accepted']),
      ['c'],
    ],
    ['ends after STOP', 'opted_out', made(['a', 'accepted']), []],
    ['ends at an unreachable number', 'number_unreachable', made(['a', 'accepted']), []],
    ['ends at an invalid number', 'invalid_phone_number', made(['a', 'accepted']), []],
  ])('%s', (_, reason, attempts, route) => {
    expect(nextRoute(ROUTE, attempts, reason)).toEqual(route);
  });
});
