import { describe, expect, it } from '@jest/globals';
import { VonageSettings } from '../../src/providers/vonage/vonage-settings.js';
import type { SmsProvider } from '../../src/providers/provider.js';
import { VONAGE_STATUSES } from '../../src/providers/vonage/vonage-errors.js';
import { vonage } from '../../src/providers/vonage/vonage.provider.js';
import { playVonage, startVonageServer, vonageAnswer, vonageBalance } from '../support/vonage-server.js';
import {
  BARE_STATUSES,
  CONTEXT,
  DEAD,
  MAY_HAVE_BEEN_SENT,
  MISCONFIGURED,
  outcomeOf,
  OUT_OF_CREDIT,
  overQuota,
  proxyPage,
  refused,
  smsVendor,
  UNAVAILABLE,
} from './sms-vendor.fixture.js';
import { SHORT_TIMEOUT_MS } from '../support/until.js';

const UNPROCESSABLE = [422, refused('message_refused')] as const;
const { keepsContracts, start, message, mapsEach, mayHaveSentAfter } = smsVendor({
  factory: vonage,
  Settings: VonageSettings,
  startServer: startVonageServer,
  play: playVonage,
  account: ({ apiKey, apiSecret }) => ({ apiKey, apiSecret, from: 'Bellhop' }),
  badCredentials: { apiSecret: 'not-the-secret' },
  secret: ({ apiSecret }) => apiSecret,
  message: { address: { phno: '+447700900000' } },
});
keepsContracts();

describe('the Vonage provider', () => {
  it('sends every field of an SMS', async () => {
    const { received, send } = await start();
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(received).toEqual([
      {
        api_key: 'abcd1234',
        api_secret: 'vonage-test-secret',
        from: 'Bellhop',
        to: '447700900000',
        text: message.text,
        type: 'unicode',
        ttl: '3600000',
        'client-ref': message.reference,
        callback: message.statusUrl,
      },
    ]);
  });

  it('sends a GSM-7 SMS as text, a number as the sender, and no callback URL if there is none', async () => {
    const { received, send } = await start({ from: '+15005550006' });
    await send({ statusUrl: undefined, text: 'Hello', encoding: 'gsm7' });
    expect(received).toMatchObject([{ from: '15005550006', type: 'text' }]);
    expect(received[0]).not.toHaveProperty('callback');
  });

  it.each([
    [1, '20000'],
    [700_000, '604800000'],
  ])('limits a lifetime of %i seconds to what Vonage allows: %s ms', async (validForSeconds, ttl) => {
    const { received, send } = await start();
    await send({ validForSeconds });
    expect(received).toMatchObject([{ ttl }]);
  });

  it('takes the id of the first part as the id of a multipart SMS', async () => {
    const { received, send } = await start();
    const result = await send({ text: 'ä'.repeat(200) });
    expect(result).toMatchObject({ outcome: 'accepted', vendorMessageId: '0A0000000000ABCD' });
    expect(received).toHaveLength(1);
  });

  it('reports an SMS as accepted if one part was', async () => {
    const { answerWith, send } = await start();
    answerWith(vonageAnswer([{ status: '1' }, { status: '0', 'message-id': 'second' }]));
    expect(await send()).toMatchObject({ outcome: 'accepted', vendorMessageId: 'second' });
  });

  mayHaveSentAfter({
    'a part without an id': vonageAnswer([{ status: '0' }]),
    'no part': vonageAnswer([]),
    'a part without a status': vonageAnswer([{ to: '447700900000' }]),
  });

  const ROWS: Readonly<Record<string, object>> = {
    '1': overQuota(1_000),
    '2': MISCONFIGURED,
    '3': refused('message_refused'),
    '4': MISCONFIGURED,
    '5': UNAVAILABLE,
    '6': refused('number_unreachable'),
    '7': refused('number_unreachable'),
    '8': MISCONFIGURED,
    '9': OUT_OF_CREDIT,
    '10': overQuota(1_000),
    '11': MISCONFIGURED,
    '12': refused('message_too_large'),
    '14': MISCONFIGURED,
    '15': MISCONFIGURED,
    '22': refused('message_refused'),
    '23': MISCONFIGURED,
    '29': refused('message_refused'),
    '32': MISCONFIGURED,
    '33': DEAD,
  };
  it('lists the outcome of every status of a message part', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(VONAGE_STATUSES));
  });
  mapsEach('status %s of a message part', Object.entries(ROWS), (status) => [
    [vonageAnswer([{ status, 'error-text': 'Refused by the test server' }]), status],
  ]);
  it('reports an unknown status of a message part as refused', async () => {
    const { answerWith, send } = await start();
    answerWith(vonageAnswer([{ status: '77' }]));
    expect(await send()).toMatchObject({ ...refused('message_refused'), vendorCode: '77' });
  });
  mapsEach('HTTP status %s without a message part', [...BARE_STATUSES, UNPROCESSABLE], (status) => [
    [proxyPage(status), String(status)],
  ]);

  describe('looking up an SMS', () => {
    const SENT_AT = new Date(Date.now() - 300_000);
    const lookUp = (provider: SmsProvider, sentAt = SENT_AT): Promise<unknown> =>
      outcomeOf(provider.lookUp?.(message, sentAt, CONTEXT) ?? Promise.resolve('cannot'));
    const FIELDS = { to: '447700900000', text: 'Hello', 'client-ref': message.reference };

    it('finds an SMS by our reference after its answer was lost', async () => {
      const { server, provider, answerWith, send } = await start({ requestTimeoutMs: SHORT_TIMEOUT_MS });
      answerWith((text) => {
        server.record({ ...text, 'client-ref': 'another' });
        server.record(text);
        return 'hang';
      });
      expect(await send()).toMatchObject(MAY_HAVE_BEEN_SENT);
      expect(await lookUp(provider, new Date())).toEqual({
        found: true,
        vendorMessageId: '0A0000000001ABCD',
      });
    });

    it('reads the records of this number around that time', async () => {
      const { server, provider } = await start();
      await lookUp(provider);
      expect(server.queries).toEqual([
        {
          account_id: 'abcd1234',
          product: 'SMS',
          direction: 'outbound',
          to: '447700900000',
          date_start: new Date(SENT_AT.getTime() - 60_000).toISOString(),
          date_end: new Date(SENT_AT.getTime() + 70_000).toISOString(),
        },
      ]);
    });

    it('reports it as not found once Vonage would list it', async () => {
      const { server, provider } = await start();
      server.record({ ...FIELDS, 'client-ref': 'another' }, SENT_AT);
      server.record({ ...FIELDS, to: '447700900001' }, SENT_AT);
      server.record(FIELDS, new Date(SENT_AT.getTime() - 3_600_000));
      expect(await lookUp(provider)).toEqual({ found: false });
    });

    it('reports the outcome of a recent SMS as unknown', async () => {
      const { provider } = await start();
      expect(await lookUp(provider, new Date())).toMatchObject({
        name: 'ProviderUnavailable',
        vendorCode: 'not_settled',
      });
    });

    it('reads page by page', async () => {
      const { server, provider } = await start({}, { pageSize: 2 });
      for (const ref of ['a', 'b', 'c']) server.record({ ...FIELDS, 'client-ref': ref }, SENT_AT);
      server.record(FIELDS, SENT_AT);
      expect(await lookUp(provider)).toEqual({ found: true, vendorMessageId: '0A0000000003ABCD' });
      expect(server.queries).toHaveLength(2);
    });

    it('is unavailable if there are too many records', async () => {
      const { server, provider } = await start({}, { pageSize: 1 });
      for (let n = 0; n < 10; n += 1) server.record({ ...FIELDS, 'client-ref': String(n) }, SENT_AT);
      expect(await lookUp(provider)).toMatchObject({ ...UNAVAILABLE, vendorCode: 'too_many_records' });
      expect(server.queries).toHaveLength(5);
    });

    it.each([
      [401, { name: 'ProviderMisconfigured', vendorCode: '401' }],
      [403, { name: 'ProviderMisconfigured', vendorCode: '403' }],
      [422, { name: 'ProviderMisconfigured', vendorCode: '422' }],
      [429, { name: 'ProviderOverQuota', vendorCode: '429', retryAfterMs: 7_000 }],
      [503, { name: 'ProviderUnavailable', vendorCode: '503', retryAfterMs: 7_000 }],
      [200, { name: 'ProviderUnavailable', vendorCode: 'invalid_answer' }],
    ])('maps HTTP status %i', async (status, expected) => {
      const { server, provider } = await start();
      server.answerQueriesWith({ status, headers: { 'retry-after': '7' }, body: '{}' });
      expect(await lookUp(provider)).toMatchObject(expected);
    });

    it('sends no request once the signal has aborted', async () => {
      const { server, provider } = await start();
      const context = { ...CONTEXT, signal: AbortSignal.abort() };
      const looking = outcomeOf(provider.lookUp?.(message, SENT_AT, context) ?? Promise.resolve());
      expect(await looking).toMatchObject({ name: 'SendAborted' });
      expect(server.queries).toEqual([]);
    });
  });
});

describe('a check of the Vonage provider', () => {
  it('states the balance and sends nothing', async () => {
    const { server, provider, received } = await start();
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'The account is active; its balance is 12.50 EUR.',
      balance: { amount: '12.50', currency: 'EUR' },
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
    expect(server.vendor.requests).toBe(1);
  });

  it('fails with wrong credentials', async () => {
    const { provider } = await start({ apiSecret: 'not-the-secret' });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code: '401' });
  });

  it.each([
    [0, '0.00'],
    [-1.238, '-1.24'],
  ])('fails with a balance of %p', async (value, amount) => {
    const { server, provider } = await start();
    server.account.balance = vonageBalance(value);
    const balance = { amount, currency: 'EUR' };
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code: '9', balance });
  });

  it.each([
    ['an account without permission', proxyPage(403), 'failed', '403'],
    ['a fault of Vonage', proxyPage(503), 'unknown', '503'],
    ['too many requests', proxyPage(429), 'unknown', '429'],
    ['a request that is refused', proxyPage(400), 'unknown', '400'],
    ['a proxy page', proxyPage(200), 'unknown', 'invalid_answer'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start();
    server.account.balance = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });
});
