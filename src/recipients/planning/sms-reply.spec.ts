import { describe, expect, it } from '@jest/globals';
import { testApp } from '../../../test/support/recipients.js';
import { planReply } from './sms-reply.js';

const content = (phno?: string) => ({
  to: { uid: 'unknown-sender', ...(phno === undefined ? {} : { phno }) },
  smsContent: 'You are unsubscribed.',
});
const NOTIFICATION = '0198f000-0000-7000-8000-000000000000';
const sms = { providers: [{ id: 'sms-account', type: 'sandbox' }] };

describe('planReply', () => {
  it('replies through the account that received the SMS', () => {
    const app = testApp('app123', { sms });
    expect(planReply(app, 'sms-account', NOTIFICATION, content('+14155550100'))).toEqual({
      deliveries: [
        {
          id: expect.any(String),
          provider: 'sms-account',
          kind: 'sms',
          deviceId: null,
          address: { phno: '+14155550100' },
          options: { sms: { route: ['sms-account'], onOverQuota: 'wait', country: 'US', isReply: true } },
        },
      ],
    });
  });

  it.each([
    ['no number', content(), {}, 'invalid_phone_number'],
    ['a country that is not allowed', content('+447700900123'), { countries: ['US'] }, 'country_not_allowed'],
    ['a removed account', content('+14155550100'), { providers: [] }, 'no_provider'],
  ])('gives the reason for not replying: %s', (_name, to, change, reason) => {
    const app = testApp('app123', { sms: { ...sms, ...change } });
    expect(planReply(app, 'sms-account', NOTIFICATION, to)).toEqual({ skipped: 'skipped', reason });
  });
});
