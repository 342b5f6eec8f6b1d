import { describe, expect, it } from '@jest/globals';
import { TwilioSettings } from '../../src/providers/twilio/twilio-settings.js';
import { TWILIO_CODES } from '../../src/providers/twilio/twilio-errors.js';
import { twilio } from '../../src/providers/twilio/twilio.provider.js';
import {
  startTwilioServer,
  twilioAccount,
  twilioAnswer,
  twilioError,
  twilioMessage,
} from '../support/twilio-server.js';
import { jsonReply } from '../support/json-reply.js';
import {
  BARE_STATUSES,
  CONTEXT,
  DEAD,
  MISCONFIGURED,
  OUT_OF_CREDIT,
  overQuota,
  proxyPage,
  refused,
  smsVendor,
  UNAVAILABLE,
} from './sms-vendor.fixture.js';

const { keepsContracts, start, message, mapsEach } = smsVendor({
  factory: twilio,
  Settings: TwilioSettings,
  startServer: startTwilioServer,
  play: twilioAnswer,
  account: ({ accountSid, authToken }) => ({ accountSid, authToken, from: '+15005550006' }),
  badCredentials: { authToken: 'wrong' },
  secret: ({ authToken }) => authToken,
});
keepsContracts();

describe('the Twilio provider', () => {
  it('sends every field of an SMS', async () => {
    const { received, send } = await start();
    expect(await send()).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    });
    expect(received).toEqual([
      {
        to: '+14155550100',
        from: '+15005550006',
        messagingServiceSid: undefined,
        body: message.text,
        statusCallback: message.statusUrl,
        validityPeriod: 3_600,
      },
    ]);
  });

  it('sends no callback URL if there is none', async () => {
    const { received, send } = await start();
    await send({ statusUrl: undefined });
    expect(received).toMatchObject([{ statusCallback: undefined }]);
  });

  it.each([
    [0, 1],
    [0.4, 1],
    [90.7, 90],
    [36_000, 36_000],
    [172_800, 36_000],
  ])('limits a lifetime of %p seconds to what Twilio allows: %i', async (validForSeconds, validityPeriod) => {
    const { received, send } = await start();
    await send({ validForSeconds });
    expect(received).toMatchObject([{ validityPeriod }]);
  });

  it('is misconfigured if Twilio cannot call the callback URL', async () => {
    const { send } = await start();
    const sending = send({ statusUrl: 'https://my_host.example.com/status' });
    expect(await sending).toMatchObject({ name: 'ProviderMisconfigured', vendorCode: '21609' });
  });

  it('sends the messaging service in place of a sender', async () => {
    const messagingServiceSid = 'MG00000000000000000000000000000001';
    const { received, send } = await start({ from: undefined, messagingServiceSid });
    await send();
    expect(received).toMatchObject([{ from: undefined, messagingServiceSid }]);
  });

  it('authenticates by an API key', async () => {
    const { received, send } = await start(
      { authToken: 'unused', apiKeySid: 'SK01', apiKeySecret: 'secret:with:colons' },
      { apiKeys: { SK01: 'secret:with:colons' } },
    );
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(received).toHaveLength(1);
  });

  const ROWS: Readonly<Record<number, object>> = {
    21211: refused('invalid_phone_number', true),
    21214: DEAD,
    21217: refused('invalid_phone_number', true),
    21265: DEAD,
    21268: DEAD,
    21614: DEAD,
    21635: DEAD,
    30005: DEAD,
    30006: DEAD,
    21266: refused('number_unreachable'),
    21612: refused('number_unreachable'),
    30003: refused('number_unreachable'),
    21610: refused('opted_out'),
    21408: refused('country_not_allowed'),
    21602: refused('message_refused'),
    21608: refused('message_refused'),
    21617: refused('message_too_large'),
    21619: refused('message_refused'),
    30004: refused('message_refused'),
    30007: refused('message_refused'),
    30008: refused('undelivered'),
    30019: refused('message_too_large'),
    30036: refused('undelivered'),
    30038: refused('message_refused'),
    30485: refused('undelivered'),
    21658: refused('message_too_large'),
    30450: refused('message_refused'),
    14107: overQuota(1_000),
    20429: overQuota(1_000),
    21611: overQuota(60_000),
    30001: overQuota(60_000),
    30022: { ...overQuota(60_000), maybeAccount: true },
    30023: overQuota(900_000),
    30027: overQuota(900_000),
    30454: overQuota(900_000),
    63038: overQuota(900_000),
    10001: OUT_OF_CREDIT,
    20003: MISCONFIGURED,
    20005: OUT_OF_CREDIT,
    20008: MISCONFIGURED,
    20403: MISCONFIGURED,
    20404: MISCONFIGURED,
    21212: MISCONFIGURED,
    21267: MISCONFIGURED,
    21601: MISCONFIGURED,
    21603: MISCONFIGURED,
    21606: MISCONFIGURED,
    21616: MISCONFIGURED,
    21659: MISCONFIGURED,
    21660: MISCONFIGURED,
    21661: MISCONFIGURED,
    21701: MISCONFIGURED,
    21703: MISCONFIGURED,
    21704: MISCONFIGURED,
    21705: MISCONFIGURED,
    30002: OUT_OF_CREDIT,
    30032: MISCONFIGURED,
    30024: MISCONFIGURED,
    30033: MISCONFIGURED,
    30034: MISCONFIGURED,
    30035: MISCONFIGURED,
    30037: MISCONFIGURED,
    30040: MISCONFIGURED,
    30041: MISCONFIGURED,
    21609: MISCONFIGURED,
    20500: UNAVAILABLE,
    20503: UNAVAILABLE,
    21730: UNAVAILABLE,
    30020: UNAVAILABLE,
    30021: UNAVAILABLE,
  };

  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(TWILIO_CODES));
  });

  mapsEach(
    'error code %s, of the request and of a message that failed at once',
    Object.entries(ROWS),
    (code, { accountSid }) => [
      [twilioError(400, Number(code)), code],
      [(text) => twilioMessage(accountSid, text, 1, Number(code)), code],
    ],
  );

  mapsEach(
    'HTTP status %s without a known error code',
    [...BARE_STATUSES, [422, MISCONFIGURED]],
    (status) => [
      [proxyPage(status), String(status)],
      [twilioError(status, 99_999), '99999'],
    ],
  );

  it('reports a message that failed at once with an unknown code as refused', async () => {
    const { server, answerWith, send } = await start();
    answerWith((text) => twilioMessage(server.accountSid, text, 1, 39_999));
    expect(await send()).toMatchObject({ ...refused('message_refused'), vendorCode: '39999' });
  });
});

describe('a check of the Twilio provider', () => {
  const API_KEY = { authToken: undefined, apiKeySid: 'SK01', apiKeySecret: 'key-secret' };
  const KNOWN = { apiKeys: { SK01: 'key-secret' } };

  it('states the balance and sends nothing', async () => {
    const { server, provider, received } = await start();
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'The account is active; its balance is 12.50 USD.',
      balance: { amount: '12.50', currency: 'USD' },
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
    expect(server.vendor.requests).toBe(3);
  });

  it('fails with wrong credentials', async () => {
    const { provider } = await start({ authToken: 'wrong' });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code: '20003' });
  });

  it.each([
    ['a suspended account', twilioAccount('suspended'), 'failed', '20005'],
    ['a closed account', twilioAccount('closed'), 'failed', '20005'],
    ['test credentials', twilioError(403, 20008), 'failed', '20008'],
    ['a fault of Twilio', twilioError(503, 20503), 'unknown', '20503'],
    ['too many requests', twilioError(429, 20429), 'unknown', '20429'],
    ['a request that is refused', twilioError(400, 20001), 'unknown', '20001'],
    ['a proxy page', proxyPage(200), 'unknown', 'invalid_answer'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start();
    server.account.details = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
    expect(server.vendor.requests).toBe(1);
  });

  it.each(['0', '-3.20'])('fails with a balance of %s', async (amount) => {
    const { server, provider } = await start();
    server.account.balance = jsonReply(200, { balance: amount, currency: 'USD' });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({
      outcome: 'failed',
      code: 'no_credit',
      balance: { amount, currency: 'USD' },
    });
  });

  it('is content with an account that states no balance', async () => {
    const { server, provider } = await start();
    server.account.balance = twilioError(404, 20404);
    const found = await provider.check(CONTEXT.signal);
    expect(found).toMatchObject({ outcome: 'ok', text: 'The account is active.' });
    expect(found.balance).toBeUndefined();
  });

  it.each([
    ['of another account', '+15005550001', true],
    ['without SMS', '+15005550006', false],
  ])('fails with a sender %s', async (_, number, sms) => {
    const { server, provider } = await start();
    server.account.numbers = { [number]: sms };
    expect(await provider.check(CONTEXT.signal)).toMatchObject({
      outcome: 'failed',
      code: '21606',
      balance: { amount: '12.50' },
    });
  });

  it.each([
    ['a name', { from: 'Bellhop' }],
    ['a messaging service', { from: undefined, messagingServiceSid: 'MG00000000000000000000000000000001' }],
  ])('does not ask about %s as the sender', async (_, sender) => {
    const { server, provider } = await start(sender);
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok' });
    expect(server.vendor.requests).toBe(2);
  });

  it('proves an API key that may not read the account', async () => {
    const { provider } = await start(API_KEY, KNOWN);
    const balance = { amount: '12.50', currency: 'USD' };
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok', balance });
  });

  it.each([
    ['is wrong, or may only send', twilioError(401, 20003), 'unknown', '20003'],
    ['may only send', twilioError(403, 70051), 'unknown', '70051'],
    ['belongs to a suspended account', twilioError(403, 20403), 'failed', '20403'],
    ['Twilio cannot decide on', twilioError(503, 20503), 'unknown', '20503'],
  ] as const)('finds an API key that %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start(API_KEY, KNOWN);
    server.answerListWith(answer);
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });
});
