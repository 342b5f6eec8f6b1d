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
      'accepted: sent',
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
      'refused: retires a dead address',
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
      'refused: keeps a valid address',
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
      'unavailable: retries',
      unavailable,
      {},
      { outcome: 'unavailable', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'unavailable at the last attempt: fails',
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
      'unavailable: expires if the backoff exceeds the lifetime',
      unavailable,
      { expiresAt: new Date(now.getTime() + 10) },
      { outcome: 'unavailable', status: 'expired', reason: 'too_old', retries: false, level: 'warn' },
    ],
    [
      'timeout after the request was written: retries',
      timeout,
      {},
      { outcome: 'unknown', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'second timeout: retries',
      timeout,
      { attempt: 2, unanswered: 1, maxAttempts: 50 },
      { outcome: 'unknown', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'third timeout: fails, since it may have been sent three times',
      timeout,
      { attempt: 3, unanswered: 2, maxAttempts: 50 },
      { outcome: 'unknown', status: 'failed', reason: 'outcome_unknown', retries: false, level: 'warn' },
    ],
    [
      'third timeout among failures that sent nothing: fails',
      timeout,
      { attempt: 20, unanswered: 2, maxAttempts: 50 },
      { outcome: 'unknown', status: 'failed', reason: 'outcome_unknown', retries: false, level: 'warn' },
    ],
    [
      'timeout of a ring: retries',
      timeout,
      { rings: true, maxAttempts: 50 },
      { outcome: 'unknown', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'second timeout of a ring: fails',
      timeout,
      { attempt: 2, unanswered: 1, rings: true, maxAttempts: 50 },
      { outcome: 'unknown', status: 'failed', reason: 'outcome_unknown', retries: false, level: 'warn' },
    ],
    [
      'unavailable after timeouts: retries, since this attempt sent nothing',
      unavailable,
      { attempt: 10, unanswered: 2, rings: true, maxAttempts: 50 },
      { outcome: 'unavailable', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'over quota: retries',
      overQuota,
      {},
      { outcome: 'over_quota', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'over quota at the last attempt: fails',
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
      'over quota beyond its lifetime: retries by its own backoff',
      overQuota,
      { expiresAt: new Date(now.getTime() + 30_000) },
      { outcome: 'over_quota', status: 'queued', reason: null, retries: true, level: 'warn' },
    ],
    [
      'over quota at the end of its lifetime: expires',
      overQuota,
      { expiresAt: new Date(now.getTime() + 100) },
      { outcome: 'over_quota', status: 'expired', reason: 'too_old', retries: false, level: 'warn' },
    ],
    [
      'misconfigured: fails without a retry',
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
      'unproven credentials refused: fails',
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
      'proven credentials refused: retries',
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
      'proven credentials refused at the last attempt: fails',
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
      'another wrong setting with proven credentials: fails',
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
      'internal error: retries',
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
      'internal error at the last attempt: fails',
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

  it('waits at least as long as the vendor asks', () => {
    for (let i = 0; i < 100; i++) {
      const { retryInMs } = nextStep(overQuota, facts);
      expect(retryInMs).toBeGreaterThanOrEqual(60_000);
      expect(retryInMs).toBeLessThanOrEqual(66_000);
    }
  });

  it.each([
    ['over quota', ProviderOverQuota],
    ['unavailable', ProviderUnavailable],
  ])('limits a Retry-After of a day to one minute, then to four: %s', (_name, Fault) => {
    const day = new Fault({ vendorCode: 'x', retryAfterMs: 86_400_000 });
    const expiresAt = new Date(now.getTime() + 200_000_000);
    const waits = [1, 2].map((attempt) => nextStep(day, { ...facts, attempt, expiresAt }).retryInMs);
    [60_000, 240_000].forEach((asked, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(asked);
      expect(waits[index]).toBeLessThanOrEqual(asked * 1.1);
    });
  });

  it.each([45_000, 200_000])(
    'uses its own backoff if the vendor asks for most of the remaining %i ms',
    (leftMs) => {
      const { retryInMs } = nextStep(overQuota, { ...facts, expiresAt: new Date(now.getTime() + leftMs) });
      expect(retryInMs).toBeGreaterThanOrEqual(500);
      expect(retryInMs).toBeLessThanOrEqual(1_000);
    },
  );

  it('doubles the backoff up to the maximum', () => {
    const waits = [1, 2, 3, 10].map(
      (attempt) => nextStep(unavailable, { ...facts, attempt, maxAttempts: 99 }).retryInMs,
    );
    [1_000, 2_000, 4_000, 60_000].forEach((ceiling, index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(ceiling / 2);
      expect(waits[index]).toBeLessThanOrEqual(ceiling);
    });
  });
});
