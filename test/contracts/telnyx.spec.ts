import { describe, expect, it } from '@jest/globals';
import { TelnyxSettings } from '../../src/providers/telnyx/telnyx-settings.js';
import { TELNYX_CODES } from '../../src/providers/telnyx/telnyx-errors.js';
import { telnyx } from '../../src/providers/telnyx/telnyx.provider.js';
import {
  playTelnyx,
  startTelnyxServer,
  telnyxBalance,
  telnyxError,
  telnyxProfile,
} from '../support/telnyx-server.js';
import {
  BARE_STATUSES,
  CONTEXT,
  DEAD,
  MAY_HAVE_BEEN_SENT,
  MISCONFIGURED,
  OUT_OF_CREDIT,
  overQuota,
  proxyPage,
  refused,
  smsVendor,
  UNAVAILABLE,
} from './sms-vendor.fixture.js';

const PROFILE = '4000eba1-a0c0-4563-9925-b25e842a7cb6';
const UNPROCESSABLE = [422, refused('message_refused')] as const;
const { keepsContracts, start, message, mapsEach, mayHaveSentAfter } = smsVendor({
  factory: telnyx,
  Settings: TelnyxSettings,
  startServer: startTelnyxServer,
  play: playTelnyx,
  account: ({ apiKey }) => ({ apiKey, from: '+15005550006' }),
  badCredentials: { apiKey: 'wrong' },
  secret: ({ apiKey }) => apiKey,
});
keepsContracts();

describe('the Telnyx provider', () => {
  it('sends every field of an SMS', async () => {
    const { received, send } = await start();
    expect(await send()).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: '40385f64-5717-4562-b3fc-000000000001',
    });
    expect(received).toEqual([
      {
        to: '+14155550100',
        from: '+15005550006',
        text: message.text,
        type: 'SMS',
        webhook_url: message.statusUrl,
      },
    ]);
  });

  it('sends the messaging profile in place of a sender, and no callback URL if there is none', async () => {
    const { received, send } = await start({ from: undefined, messagingProfileId: PROFILE });
    expect(await send({ statusUrl: undefined })).toMatchObject({ outcome: 'accepted' });
    expect(received).toEqual([
      { to: '+14155550100', messaging_profile_id: PROFILE, text: message.text, type: 'SMS' },
    ]);
  });

  it('sends an alphanumeric sender with the messaging profile that it belongs to', async () => {
    const { received, send } = await start({ messagingProfileId: PROFILE, from: 'Bellhop' });
    await send();
    expect(received).toMatchObject([{ from: 'Bellhop', messaging_profile_id: PROFILE }]);
  });

  const ROWS: Readonly<Record<string, object>> = {
    '10001': DEAD,
    '10002': DEAD,
    '10003': MISCONFIGURED,
    '10004': MISCONFIGURED,
    '10005': MISCONFIGURED,
    '10006': MISCONFIGURED,
    '10007': UNAVAILABLE,
    '10008': MAY_HAVE_BEEN_SENT,
    '10009': MISCONFIGURED,
    '10010': MISCONFIGURED,
    '10011': overQuota(1_000),
    '10015': refused('message_refused'),
    '10016': DEAD,
    '20002': MISCONFIGURED,
    '20006': MISCONFIGURED,
    '20012': MISCONFIGURED,
    '20013': MISCONFIGURED,
    '20014': MISCONFIGURED,
    '20015': MISCONFIGURED,
    '20016': MISCONFIGURED,
    '20017': MISCONFIGURED,
    '20100': OUT_OF_CREDIT,
    '40001': DEAD,
    '40009': refused('message_refused'),
    '40010': MISCONFIGURED,
    '40011': overQuota(1_000),
    '40012': DEAD,
    '40013': MISCONFIGURED,
    '40100': MISCONFIGURED,
    '40300': refused('opted_out'),
    '40301': refused('number_unreachable'),
    '40302': refused('message_too_large'),
    '40304': refused('message_refused'),
    '40305': MISCONFIGURED,
    '40306': MISCONFIGURED,
    '40309': refused('country_not_allowed'),
    '40310': DEAD,
    '40311': MISCONFIGURED,
    '40312': MISCONFIGURED,
    '40313': MISCONFIGURED,
    '40314': MISCONFIGURED,
    '40315': MISCONFIGURED,
    '40316': refused('message_refused'),
    '40318': overQuota(60_000),
    '40319': refused('number_unreachable'),
    '40320': overQuota(60_000),
    '40321': MISCONFIGURED,
    '40322': refused('message_refused'),
    '40328': refused('message_too_large'),
    '40329': MISCONFIGURED,
  };
  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(TELNYX_CODES));
  });
  mapsEach('error code %s', Object.entries(ROWS), (code) => [[telnyxError(422, code), code]]);

  it.each(['/from', '/messaging_profile_id'])(
    'is misconfigured where an invalid number is its own: %s',
    async (pointer) => {
      const { answerWith, send } = await start();
      answerWith(telnyxError(422, '10002', { pointer }));
      expect(await send()).toMatchObject({ ...MISCONFIGURED, vendorCode: '10002' });
      answerWith(telnyxError(422, '10002', { pointer: '/to' }));
      expect(await send()).toMatchObject(DEAD);
    },
  );

  mapsEach('HTTP status %s without a known error code', [...BARE_STATUSES, UNPROCESSABLE], (status) => [
    [proxyPage(status), String(status)],
    [telnyxError(status, '99999'), '99999'],
  ]);

  mayHaveSentAfter({
    'no message': { status: 200, body: '{}' },
    'no message id': { status: 200, body: '{"data":{"record_type":"message"}}' },
    'a message id that is a number': { status: 200, body: '{"data":{"id":17}}' },
  });
});

describe('a check of the Telnyx provider', () => {
  it('states the credit and sends nothing', async () => {
    const { server, provider, received } = await start({ messagingProfileId: PROFILE });
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'The account is active; its balance is 400.00 USD.',
      balance: { amount: '400.00', currency: 'USD' },
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
    expect(server.vendor.requests).toBe(2);
  });

  it('fails with wrong credentials', async () => {
    const { provider } = await start({ apiKey: 'wrong' });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code: '10009' });
  });

  it.each([
    ['no credit', telnyxBalance('0.00'), 'failed', 'no_credit'],
    ['a blocked account', telnyxError(403, '20013'), 'failed', '20013'],
    ['a key that may not read the balance', telnyxError(403, '10010'), 'unknown', '10010'],
    ['a fault of Telnyx', telnyxError(503, '10007'), 'unknown', '10007'],
    ['too many requests', telnyxError(429, '10011'), 'unknown', '10011'],
    ['a request that is refused', telnyxError(422, '10015'), 'unknown', '10015'],
    ['a proxy page', proxyPage(200), 'unknown', 'invalid_answer'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start();
    server.account.balance = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });

  it.each([
    ['disabled', telnyxProfile(false), 'failed', '40312'],
    ['unknown', telnyxError(404, '10005'), 'failed', '10005'],
    ['not readable', telnyxError(403, '10010'), 'unknown', '10010'],
    ['not answered', proxyPage(502), 'unknown', '502'],
  ] as const)('finds a messaging profile that is %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start({ messagingProfileId: PROFILE });
    server.account.profile = answer;
    const balance = { amount: '400.00', currency: 'USD' };
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code, balance });
  });
});
