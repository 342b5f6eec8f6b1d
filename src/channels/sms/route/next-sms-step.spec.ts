import { describe, expect, it } from '@jest/globals';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type SendResult,
} from '../../../domain/outcome.js';
import type { Reason } from '../../../domain/reason.js';
import type { AttemptFacts } from '../../next-step.js';
import { nextSmsStep, LOOK_UP_AFTER_MS, type SmsAttemptContext } from './next-sms-step.js';
import type { MadeAttempt } from './remaining-providers.js';

const now = new Date('2026-01-02T03:04:05.678Z');
const facts: AttemptFacts = {
  attempt: 1,
  maxAttempts: 5,
  unanswered: 0,
  credentialsWorked: false,
  rings: false,
  backoff: { backoffMs: 1_000, maxBackoffMs: 60_000 },
  expiresAt: new Date(now.getTime() + 3_600_000),
  now,
};
const context = (change: Partial<SmsAttemptContext> = {}): SmsAttemptContext => ({
  plan: { route: ['a', 'b'], onOverQuota: 'moveOn' },
  provider: 'a',
  earlier: [],
  canLookUp: false,
  acceptPossibleDouble: false,
  ...change,
});
const alone = { plan: { route: ['a'], onOverQuota: 'moveOn' } } as const;
const failed = (provider: string): MadeAttempt => ({ provider, outcome: 'unavailable', vendorCode: '503' });
const refused = (reason: Reason, addressIsDead = false): SendResult => ({
  outcome: 'refused',
  reason,
  vendorCode: 'x',
  addressIsDead,
});
const unavailable = new ProviderUnavailable({ vendorCode: '503' });
const silence = new ProviderUnavailable({ vendorCode: 'timeout', mayHaveBeenSent: true });
const overQuota = new ProviderOverQuota({ vendorCode: '429', retryAfterMs: 30_000 });
const misconfigured = new ProviderMisconfigured({ vendorCode: '401' });
const noCredit = new ProviderMisconfigured({ vendorCode: '402', reason: 'no_credit' });

/** The next step: `at once`, `later`, or the final status with its reason. */
function next(
  ended: SendResult | Error,
  change: Partial<SmsAttemptContext> = {},
  of: Partial<AttemptFacts> = {},
): string {
  const { status, reason, retryInMs } = nextSmsStep(ended, { ...facts, ...of }, context(change));
  if (status !== 'queued') return reason === null ? status : `${status}: ${reason}`;
  return retryInMs === 0 ? 'at once' : 'later';
}

const CASES: [string, SendResult | Error, Partial<SmsAttemptContext>, string][] = [
  ['accepted', { outcome: 'accepted', vendorMessageId: 'm' }, {}, 'sent'],
  ['invalid number', refused('invalid_phone_number', true), {}, 'failed: invalid_phone_number'],
  ['dead number', refused('number_unreachable', true), {}, 'failed: number_unreachable'],
  ['unreachable number', refused('number_unreachable'), {}, 'failed: number_unreachable'],
  ['recipient opted out', refused('opted_out'), {}, 'failed: opted_out'],
  ['message refused', refused('message_refused'), {}, 'at once'],
  ['message refused by the only provider', refused('message_refused'), alone, 'failed: message_refused'],
  ['country refused', refused('country_not_allowed'), {}, 'at once'],
  ['unavailable', unavailable, {}, 'at once'],
  ['unavailable, only provider', unavailable, alone, 'later'],
  ['unavailable, last provider', unavailable, { provider: 'b', earlier: [failed('a')] }, 'later'],
  ['unavailable in the second round', unavailable, { earlier: [failed('a'), failed('b')] }, 'at once'],
  ['misconfigured', misconfigured, {}, 'at once'],
  ['misconfigured, only provider', misconfigured, alone, 'failed: provider_misconfigured'],
  [
    'misconfigured after another provider failed',
    misconfigured,
    { provider: 'b', earlier: [failed('a')] },
    'later',
  ],
  ['no credit', noCredit, {}, 'at once'],
  ['no credit, only provider', noCredit, alone, 'failed: no_credit'],
  ['over quota', overQuota, {}, 'at once'],
  ['over quota, set to wait', overQuota, { plan: { route: ['a', 'b'], onOverQuota: 'wait' } }, 'later'],
  ['over quota, only provider', overQuota, alone, 'later'],
  ['no answer', silence, {}, 'failed: outcome_unknown'],
  ['no answer, only provider', silence, alone, 'failed: outcome_unknown'],
  ['no answer, can be looked up', silence, { canLookUp: true }, 'later'],
  ['no answer, possible double accepted', silence, { acceptPossibleDouble: true }, 'at once'],
  [
    'no answer, possible double accepted, only provider',
    silence,
    { ...alone, acceptPossibleDouble: true },
    'later',
  ],
  ['internal error', new TypeError('x'), {}, 'later'],
];

describe('nextSmsStep', () => {
  it.each(CASES)('%s', (_name, ended, change, expected) => {
    expect(next(ended, change)).toBe(expected);
  });

  it('uses only vendors that have not had the SMS after three unanswered attempts', () => {
    const silent = (provider: string): MadeAttempt => ({
      provider,
      outcome: 'unknown',
      vendorCode: 'timeout',
    });
    const third = { attempt: 3, unanswered: 2 };
    const doubles = { acceptPossibleDouble: true };
    expect(
      next(silence, { ...alone, ...doubles, earlier: [silent('a')] }, { attempt: 2, unanswered: 1 }),
    ).toBe('later');
    expect(next(silence, { ...alone, ...doubles, earlier: [silent('a'), silent('a')] }, third)).toBe(
      'failed: outcome_unknown',
    );
    const four = { plan: { route: ['a', 'b', 'c', 'd'], onOverQuota: 'moveOn' as const }, provider: 'c' };
    expect(next(silence, { ...four, ...doubles, earlier: [silent('a'), silent('b')] }, third)).toBe(
      'at once',
    );
  });

  it('retries a vendor that refuses proven credentials unless there is another vendor', () => {
    const credentials = new ProviderMisconfigured({ vendorCode: '401', ofCredentials: true });
    const worked = { credentialsWorked: true };
    expect(next(credentials, {}, worked)).toBe('at once');
    expect(next(credentials, alone, worked)).toBe('later');
    expect(next(credentials, alone)).toBe('failed: provider_misconfigured');
  });

  it('waits before it looks a message up', () => {
    expect(nextSmsStep(silence, facts, context({ canLookUp: true })).retryInMs).toBe(LOOK_UP_AFTER_MS);
  });

  it('does not fail over after the last attempt', () => {
    expect(next(unavailable, {}, { attempt: 5 })).toBe('failed: provider_unavailable');
    expect(next(misconfigured, {}, { attempt: 5 })).toBe('failed: provider_misconfigured');
  });

  it('does not fail over after the delivery expires', () => {
    expect(next(unavailable, {}, { expiresAt: now })).toBe('expired: too_old');
    expect(next(silence, { canLookUp: true }, { expiresAt: now })).toBe('failed: outcome_unknown');
  });
});
