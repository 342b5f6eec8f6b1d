import { describe, expect, it } from '@jest/globals';
import { reportReason } from './report-reason.js';
import { NO_CREDIT, refuse, retire, retry, STOP, UNKNOWN, wait } from './verdict.js';

describe('reportReason', () => {
  it.each([
    ['a code that is in no table', undefined, 'undelivered'],
    ['a refusal', refuse('opted_out'), 'opted_out'],
    ['a dead number', retire('number_unreachable'), 'number_unreachable'],
    ['a fault of the vendor', retry(), 'provider_unavailable'],
    ['an unknown end', UNKNOWN, 'provider_unavailable'],
    ['a quota', wait(1), 'provider_over_quota'],
    ['a wrong setting', STOP, 'provider_misconfigured'],
    ['an empty account', NO_CREDIT, 'no_credit'],
  ] as const)('maps %s', (_case, verdict, reason) => {
    expect(reportReason(verdict)).toBe(reason);
  });
});
