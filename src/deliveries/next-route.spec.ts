import { describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';
import { nextRoute } from './next-route.js';

const ROUTE = ['a', 'b', 'c'];
const made = (...attempts: [provider: string, outcome: AttemptOutcome][]) =>
  attempts.map(([provider, outcome]) => ({ provider, outcome }));

describe('the route of a text that is reported to have failed', () => {
  it.each<[string, Reason | null, ReturnType<typeof made>, string[]]>([
    ['goes on behind the vendor that had it', null, made(['a', 'accepted']), ['b', 'c']],
    ['for a reason of the route', 'undelivered', made(['a', 'accepted']), ['b', 'c']],
    ['for what its carrier filters', 'message_refused', made(['a', 'accepted']), ['b', 'c']],
    ['asks those once more that were away', null, made(['a', 'unavailable'], ['b', 'accepted']), ['a', 'c']],
    [
      'leaves out whoever has decided, or may have it',
      null,
      made(['a', 'refused'], ['b', 'unknown'], ['c', 'accepted']),
      [],
    ],
    ['ends where nobody has credentials', null, made(['b', 'misconfigured'], ['a', 'accepted']), ['c']],
    ['ends with STOP', 'opted_out', made(['a', 'accepted']), []],
    ['ends with a number that nobody has', 'number_unreachable', made(['a', 'accepted']), []],
    ['ends with what is no number', 'invalid_phone_number', made(['a', 'accepted']), []],
  ])('%s', (_, reason, attempts, route) => {
    expect(nextRoute(ROUTE, attempts, reason)).toEqual(route);
  });
});
