import { describe, expect, it } from '@jest/globals';
import { testApp } from '../../../test/support/recipients.js';
import { planReply } from './sms-reply.js';

const content = (phno?: string) => ({
  to: { uid: 'unknown-sender', ...(phno === undefined ? {} : { phno }) },
  smsContent: 'You are unsubscribed.',
});
const NOTIFICATION = '0198f000-0000-7000-8000-000000000000';
const sms = { providers: [{ id: 'texts', type: 'sandbox' }] };

describe('planReply', () => {
  it('answers through the account that the text came to', () => {
    const app = testApp('app123', { sms });
    expect(planReply(app, 'texts', NOTIFICATION, content('+14155550100'))).toEqual({
      deliveries: [
        {
          id: expect.any(String),
          provider: 'texts',
          kind: 'sms',
          deviceId: null,
          address: { phno: '+14155550100' },
          options: { sms: { route: ['texts'], onOverQuota: 'wait', country: 'US', isReply: true } },
        },
      ],
    });
  });

  it.each([
    ['no number', content(), {}, 'invalid_phone_number'],
    ['a country that gets no texts', content('+447700900123'), { countries: ['US'] }, 'country_not_allowed'],
    ['an account that is gone', content('+14155550100'), { providers: [] }, 'no_provider'],
  ])('says why there is none: %s', (_name, to, change, reason) => {
    const app = testApp('app123', { sms: { ...sms, ...change } });
    expect(planReply(app, 'texts', NOTIFICATION, to)).toEqual({ skipped: 'skipped', reason });
  });
});
