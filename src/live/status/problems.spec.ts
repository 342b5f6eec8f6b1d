import { describe, expect, it } from '@jest/globals';
import type { CodeCount, ProviderCheck } from '../../deliveries/provider-check.repository.js';
import type { OpenBreaker } from '../../deliveries/provider-state.repository.js';
import { breakerProblems, checkProblems, retirementProblems, suspectAccounts } from './account-problems.js';
import { deadLetterProblems, spoolProblems } from './queue-problems.js';

const account = { appId: 'app123', channel: 'push', provider: 'default' } as const;
const breaker: OpenBreaker = {
  ...{ ...account, provider: 'default:fcm', state: 'open', remainingMs: 0, probeInMs: 1_000 },
  ...{ failures: 10, failedAddress: null },
};
const check: ProviderCheck = {
  ...{ ...account, type: 'apns', environment: 'sandbox', outcome: 'failed', code: 'InvalidProviderToken' },
  ...{ text: 'Apple does not know the key KEY123.', fix: null, link: null, balance: null, currency: null },
  ...{ clockSkewMs: null, caExpiresAt: null, credential: Buffer.alloc(0), checkedAt: new Date(), ageMs: 0 },
  failures: 1,
};
const count = (change: Partial<CodeCount>): CodeCount => ({
  ...{ ...account, kind: 'fcm', outcome: 'accepted', code: null, attempts: 1, lastAt: new Date() },
  ...change,
});

describe('the problems of accounts', () => {
  it('are open and paused breakers', () => {
    const found = breakerProblems([breaker, { ...breaker, state: 'paused' }]);
    expect(found).toEqual([
      {
        ...{ kind: 'breaker', severity: 'error', page: '/providers', appId: 'app123' },
        text: 'The account app123/push/default:fcm keeps failing. Its messages wait until a single one gets through, or expire.',
      },
      {
        ...{ kind: 'breaker', severity: 'warning', page: '/providers', appId: 'app123' },
        text: 'The account app123/push/default:fcm is paused because its vendor asked for it. Its messages wait meanwhile.',
      },
    ]);
  });

  it('are failed checks, without the vendor’s own words', () => {
    const found = checkProblems([check, { ...check, outcome: 'unknown' }, { ...check, outcome: 'ok' }]);
    expect(found).toEqual([
      {
        ...{ kind: 'check', severity: 'error', page: '/providers', appId: 'app123' },
        text: 'The account app123/push/default (apns sandbox) does not pass its check: the vendor answered InvalidProviderToken. Its messages will fail.',
      },
    ]);
  });

  it('are braked retirements', () => {
    const [found] = retirementProblems([{ ...account, kind: 'fcm' }]);
    expect(found).toMatchObject({
      kind: 'retirement',
      severity: 'error',
      page: '/providers',
      appId: 'app123',
    });
    expect(found?.text).toMatch(/^The vendor of app123\/push\/default \(fcm\) calls too many devices dead/);
  });

  it('are only counted in the ledger if many of the last attempts were refused', () => {
    const codes = [
      count({ attempts: 94 }),
      count({ attempts: 6, outcome: 'refused', code: 'UNREGISTERED' }),
      count({ kind: 'apns', attempts: 95 }),
      count({ kind: 'apns', attempts: 5, outcome: 'refused', code: 'Unregistered' }),
      count({ channel: 'sms', kind: 'sms', attempts: 5, outcome: 'refused' }),
    ];
    const found = suspectAccounts(codes, { sharePercent: 10 });
    expect(found).toEqual([{ ...account, kind: 'fcm' }]);
  });
});

describe('the problems of queues', () => {
  it('are dead-lettered jobs', () => {
    const found = deadLetterProblems([
      { queueName: 'push', state: 'failed', jobs: 1_234 },
      { queueName: 'upkeep', state: 'failed', jobs: 1 },
      { queueName: 'sms', state: 'failed', jobs: 0 },
      { queueName: 'push', state: 'waiting', jobs: 7 },
    ]);
    expect(found.map(({ severity, text }) => [severity, text])).toEqual([
      [
        'error',
        '1,234 jobs of the queue push failed for good. Their work stays undone until someone retries or removes them.',
      ],
      [
        'warning',
        '1 job of the queue upkeep failed for good. Its work stays undone until someone retries or removes it.',
      ],
    ]);
  });

  it('are events in the spool', () => {
    expect(spoolProblems(0)).toEqual([]);
    expect(spoolProblems(2)).toMatchObject([
      {
        kind: 'spool',
        severity: 'warning',
        page: '/queue-state',
        text: expect.stringMatching(/^2 events wait /),
      },
    ]);
  });
});
