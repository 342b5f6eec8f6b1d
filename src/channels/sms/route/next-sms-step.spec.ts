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

/** What comes next: at once, later, or an end with its reason. */
function next(
  ended: SendResult | Error,
  change: Partial<SmsAttemptContext> = {},
  of: Partial<AttemptFacts> = {},
): string {
  const { status, reason, retryInMs } = nextSmsStep(ended, { ...facts, ...of }, context(change));
  if (status !== 'queued') return reason === null ? status : `${status}: ${reason}`;
  return retryInMs === 0 ? 'at once' : 'later';
}

const ENDS: [string, SendResult | Error, Partial<SmsAttemptContext>, string][] = [
  ['accepted', { outcome: 'accepted', vendorMessageId: 'm' }, {}, 'sent'],
  ['the number is none', refused('invalid_phone_number', true), {}, 'failed: invalid_phone_number'],
  ['the number is dead', refused('number_unreachable', true), {}, 'failed: number_unreachable'],
  ['the number cannot be reached', refused('number_unreachable'), {}, 'failed: number_unreachable'],
  ['the person has said STOP', refused('opted_out'), {}, 'failed: opted_out'],
  ['the message is refused', refused('message_refused'), {}, 'at once'],
  ['the message is refused by the only one', refused('message_refused'), alone, 'failed: message_refused'],
  ['the country is refused', refused('country_not_allowed'), {}, 'at once'],
  ['unavailable', unavailable, {}, 'at once'],
  ['unavailable, the only one', unavailable, alone, 'later'],
  ['unavailable, the last one', unavailable, { provider: 'b', earlier: [failed('a')] }, 'later'],
  ['unavailable in the next round', unavailable, { earlier: [failed('a'), failed('b')] }, 'at once'],
  ['misconfigured', misconfigured, {}, 'at once'],
  ['misconfigured, the only one', misconfigured, alone, 'failed: provider_misconfigured'],
  ['misconfigured, another failed before', misconfigured, { provider: 'b', earlier: [failed('a')] }, 'later'],
  ['no credit', noCredit, {}, 'at once'],
  ['no credit, the only one', noCredit, alone, 'failed: no_credit'],
  ['over quota', overQuota, {}, 'at once'],
  ['over quota, to wait', overQuota, { plan: { route: ['a', 'b'], onOverQuota: 'wait' } }, 'later'],
  ['over quota, the only one', overQuota, alone, 'later'],
  ['no answer', silence, {}, 'failed: outcome_unknown'],
  ['no answer, the only one', silence, alone, 'failed: outcome_unknown'],
  ['no answer, can be asked', silence, { canLookUp: true }, 'later'],
  ['no answer, doubles accepted', silence, { acceptPossibleDouble: true }, 'at once'],
  ['no answer, doubles accepted, the only one', silence, { ...alone, acceptPossibleDouble: true }, 'later'],
  ['a fault of ours', new TypeError('x'), {}, 'later'],
];

describe('afterText', () => {
  it.each(ENDS)('%s', (_name, ended, change, expected) => {
    expect(next(ended, change)).toBe(expected);
  });

  it('gives a text three times to vendors that say nothing, and then to none that has had it', () => {
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

  it('waits for a vendor that refuses credentials which worked before, unless there is another', () => {
    const credentials = new ProviderMisconfigured({ vendorCode: '401', ofCredentials: true });
    const worked = { credentialsWorked: true };
    expect(next(credentials, {}, worked)).toBe('at once');
    expect(next(credentials, alone, worked)).toBe('later');
    expect(next(credentials, alone)).toBe('failed: provider_misconfigured');
  });

  it('asks a vendor for a message only after a while', () => {
    expect(nextSmsStep(silence, facts, context({ canLookUp: true })).retryInMs).toBe(LOOK_UP_AFTER_MS);
  });

  it('moves on no more when the attempts are used up', () => {
    expect(next(unavailable, {}, { attempt: 5 })).toBe('failed: provider_unavailable');
    expect(next(misconfigured, {}, { attempt: 5 })).toBe('failed: provider_misconfigured');
  });

  it('moves on no more when it is too late', () => {
    expect(next(unavailable, {}, { expiresAt: now })).toBe('expired: too_old');
    expect(next(silence, { canLookUp: true }, { expiresAt: now })).toBe('failed: outcome_unknown');
  });
});
