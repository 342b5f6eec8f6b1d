import { describe, expect, it } from '@jest/globals';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type SendResult,
} from '../domain/outcome.js';
import { nextStep, type AttemptFacts, type NextStep } from './next-step.js';

const now = new Date('2026-01-02T03:04:05.678Z');
const facts: AttemptFacts = {
  attempt: 1,
  maxAttempts: 3,
  unanswered: 0,
  credentialsWorked: false,
  rings: false,
  backoff: { backoffMs: 1_000, maxBackoffMs: 60_000 },
  expiresAt: new Date(now.getTime() + 3_600_000),
  now,
};
const refused: SendResult = {
  outcome: 'refused',
  reason: 'token_unregistered',
  vendorCode: 'UNREGISTERED',
  addressIsDead: true,
};
const unavailable = new ProviderUnavailable({ vendorCode: '503' });
const timeout = new ProviderUnavailable({ vendorCode: 'timeout', mayHaveBeenSent: true });
const overQuota = new ProviderOverQuota({ vendorCode: '429', retryAfterMs: 60_000 });

type Expected = Partial<NextStep> & { readonly retries: boolean };

const table: [name: string, ended: SendResult | Error, change: Partial<AttemptFacts>, expected: Expected][] =
  [
    [
      'accepted',
      { outcome: 'accepted', vendorMessageId: 'm1' },
      {},
      {
        outcome: 'accepted',
        status: 'sent',
        reason: null,
        vendorMessageId: 'm1',
        retries: false,
        retireAddress: false,
        level: 'info',
      },
    ],
    [
      'refused, dead address',
      refused,
      {},
      {
        outcome: 'refused',
        status: 'failed',
        reason: 'token_unregistered',
        vendorCode: 'UNREGISTERED',
        retries: false,
        retireAddress: true,
        level: 'info',
      },
    ],
    [
      'refused, living address',
      { ...refused, reason: 'message_refused', addressIsDead: false },
      {},
      {
        outcome: 'refused',
        status: 'failed',
        reason: 'message_refused',
        retries: false,
        retireAddress: false,
        level: 'info',
      },
    ],
    [
      'unavailable',
      unavailable,
      {},
      { outcome: 'unavailable', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'unavailable at the last attempt',
      unavailable,
      { attempt: 3 },
      {
        outcome: 'unavailable',
        status: 'failed',
        reason: 'provider_unavailable',
        retries: false,
        level: 'warn',
      },
    ],
    [
      'unavailable past its lifetime',
      unavailable,
      { expiresAt: new Date(now.getTime() + 10) },
      { outcome: 'unavailable', status: 'expired', reason: 'too_old', retries: false, level: 'warn' },
    ],
    [
      'time-out after the request was written',
      timeout,
      {},
      { outcome: 'unknown', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'a second time-out',
      timeout,
      { attempt: 2, unanswered: 1, maxAttempts: 50 },
      { outcome: 'unknown', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'a third time-out: it was sent three times by now',
      timeout,
      { attempt: 3, unanswered: 2, maxAttempts: 50 },
      { outcome: 'unknown', status: 'failed', reason: 'outcome_unknown', retries: false, level: 'warn' },
    ],
    [
      'a third time-out among faults that sent nothing',
      timeout,
      { attempt: 20, unanswered: 2, maxAttempts: 50 },
      { outcome: 'unknown', status: 'failed', reason: 'outcome_unknown', retries: false, level: 'warn' },
    ],
    [
      'a time-out of a ring',
      timeout,
      { rings: true, maxAttempts: 50 },
      { outcome: 'unknown', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'a second time-out of a ring',
      timeout,
      { attempt: 2, unanswered: 1, rings: true, maxAttempts: 50 },
      { outcome: 'unknown', status: 'failed', reason: 'outcome_unknown', retries: false, level: 'warn' },
    ],
    [
      'unavailable after time-outs: it was not sent this time',
      unavailable,
      { attempt: 10, unanswered: 2, rings: true, maxAttempts: 50 },
      { outcome: 'unavailable', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'over quota',
      overQuota,
      {},
      { outcome: 'over_quota', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'over quota at the last attempt',
      overQuota,
      { attempt: 3 },
      {
        outcome: 'over_quota',
        status: 'failed',
        reason: 'provider_over_quota',
        retries: false,
        level: 'warn',
      },
    ],
    [
      'over quota for longer than it lives',
      overQuota,
      { expiresAt: new Date(now.getTime() + 30_000) },
      { outcome: 'over_quota', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'over quota at the end of its life',
      overQuota,
      { expiresAt: new Date(now.getTime() + 100) },
      { outcome: 'over_quota', status: 'expired', reason: 'too_old', retries: false, level: 'warn' },
    ],
    [
      'misconfigured',
      new ProviderMisconfigured({ vendorCode: '401' }),
      {},
      {
        outcome: 'misconfigured',
        status: 'failed',
        reason: 'provider_misconfigured',
        vendorCode: '401',
        retries: false,
        retireAddress: false,
        level: 'error',
      },
    ],
    [
      'credentials refused that were never taken',
      new ProviderMisconfigured({ vendorCode: '401', ofCredentials: true }),
      {},
      {
        outcome: 'misconfigured',
        status: 'failed',
        reason: 'provider_misconfigured',
        retries: false,
        level: 'error',
      },
    ],
    [
      'credentials refused that were taken before',
      new ProviderMisconfigured({ vendorCode: '401', ofCredentials: true }),
      { credentialsWorked: true },
      {
        outcome: 'misconfigured',
        status: 'queued',
        reason: null,
        vendorCode: '401',
        retries: true,
        level: 'error',
      },
    ],
    [
      'the same at the last attempt',
      new ProviderMisconfigured({ vendorCode: '401', ofCredentials: true }),
      { credentialsWorked: true, attempt: 3 },
      {
        outcome: 'misconfigured',
        status: 'failed',
        reason: 'provider_misconfigured',
        retries: false,
        level: 'error',
      },
    ],
    [
      'another setting is wrong, and the credentials were taken before',
      new ProviderMisconfigured({ vendorCode: 'BadTopic' }),
      { credentialsWorked: true },
      {
        outcome: 'misconfigured',
        status: 'failed',
        reason: 'provider_misconfigured',
        retries: false,
        level: 'error',
      },
    ],
    [
      'a fault of ours',
      new TypeError('x is undefined'),
      {},
      {
        outcome: 'error',
        status: 'queued',
        reason: null,
        vendorCode: 'TypeError',
        retries: true,
        level: 'error',
      },
    ],
    [
      'a fault of ours at the last attempt',
      new TypeError('x'),
      { attempt: 3 },
      { outcome: 'error', status: 'failed', reason: 'internal_error', retries: false, level: 'error' },
    ],
  ];

describe('nextStep', () => {
  it.each(table)('%s', (_name, ended, change, { retries, ...expected }) => {
    const step = nextStep(ended, { ...facts, ...change });
    expect(step).toMatchObject(expected);
    expect(step.retryInMs !== null).toBe(retries);
  });

  it('waits at least as long as the vendor asked', () => {
    for (let i = 0; i < 100; i++) {
      const { retryInMs } = nextStep(overQuota, facts);
      expect(retryInMs).toBeGreaterThanOrEqual(60_000);
      expect(retryInMs).toBeLessThanOrEqual(66_000);
    }
  });

  it.each([
    ['over quota', ProviderOverQuota],
    ['unavailable', ProviderUnavailable],
  ])('trusts a vendor that asks for a day for a minute, then for four: %s', (_name, Fault) => {
    const day = new Fault({ vendorCode: 'x', retryAfterMs: 86_400_000 });
    const expiresAt = new Date(now.getTime() + 200_000_000);
    const waits = [1, 2].map((attempt) => nextStep(day, { ...facts, attempt, expiresAt }).retryInMs);
    [60_000, 240_000].forEach((asked, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(asked);
      expect(waits[index]).toBeLessThanOrEqual(asked * 1.1);
    });
  });

  it.each([45_000, 200_000])('goes by its own backoff where the vendor asks for most of %i ms', (leftMs) => {
    const { retryInMs } = nextStep(overQuota, { ...facts, expiresAt: new Date(now.getTime() + leftMs) });
    expect(retryInMs).toBeGreaterThanOrEqual(500);
    expect(retryInMs).toBeLessThanOrEqual(1_000);
  });

  it('waits twice as long each time, up to the ceiling', () => {
    const waits = [1, 2, 3, 10].map(
      (attempt) => nextStep(unavailable, { ...facts, attempt, maxAttempts: 99 }).retryInMs,
    );
    [1_000, 2_000, 4_000, 60_000].forEach((ceiling, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(ceiling / 2);
      expect(waits[index]).toBeLessThanOrEqual(ceiling);
    });
  });
});
