import { describe, expect, it } from '@jest/globals';
import { InfobipSettings } from '../../src/providers/infobip/infobip-settings.js';
import { INFOBIP_STATUSES } from '../../src/providers/infobip/infobip-errors.js';
import { infobip } from '../../src/providers/infobip/infobip.provider.js';
import {
  infobipAnswer,
  infobipBalance,
  infobipError,
  infobipStatusOf,
  startInfobipServer,
} from '../support/infobip-server.js';
import {
  BARE_STATUSES,
  CONTEXT,
  DEAD,
  MISCONFIGURED,
  OUT_OF_CREDIT,
  proxyPage,
  refused,
  smsVendor,
  UNAVAILABLE,
} from './sms-vendor.fixture.js';

const { keepsContracts, start, message, mapsEach, mayHaveSentAfter } = smsVendor({
  factory: infobip,
  Settings: InfobipSettings,
  startServer: startInfobipServer,
  play: infobipAnswer,
  account: ({ apiKey }) => ({ apiKey, from: 'Bellhop' }),
  badCredentials: { apiKey: 'wrong' },
  secret: ({ apiKey }) => apiKey,
});
keepsContracts();

describe('the Infobip provider', () => {
  it('sends every field of an SMS', async () => {
    const { received, send } = await start();
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(received).toEqual([
      {
        sender: 'Bellhop',
        destinations: [{ to: '14155550100', messageId: message.reference }],
        content: { text: message.text },
        options: { validityPeriod: { amount: 3_600, timeUnit: 'SECONDS' } },
        webhooks: {
          delivery: { url: message.statusUrl },
          contentType: 'application/json',
          callbackData: message.reference,
        },
      },
    ]);
  });

  it('sends no callback URL if there is none', async () => {
    const { received, send } = await start();
    await send({ statusUrl: undefined });
    expect(received).toMatchObject([{ webhooks: { callbackData: message.reference } }]);
    expect(received[0]?.webhooks).not.toHaveProperty('delivery');
  });

  it.each([
    [0, 1],
    [90.7, 90],
    [604_800, 172_800],
  ])('limits a lifetime of %p seconds to what Infobip allows: %i', async (validForSeconds, amount) => {
    const { received, send } = await start();
    await send({ validForSeconds });
    expect(received).toMatchObject([{ options: { validityPeriod: { amount } } }]);
  });

  it('reports an SMS that Infobip already has as accepted', async () => {
    const { received, send } = await start({}, { refuseDuplicates: true });
    const accepted = { outcome: 'accepted', vendorMessageId: message.reference };
    expect(await send()).toMatchObject(accepted);
    expect(await send()).toMatchObject(accepted);
    expect(received).toHaveLength(1);
  });

  const ROWS: Readonly<Record<number, object>> = {
    8: DEAD,
    52: DEAD,
    51: refused('message_refused'),
    6: refused('country_not_allowed'),
    10: refused('opted_out'),
    14: refused('opted_out'),
    18: refused('message_refused'),
    4: refused('undelivered'),
    9: refused('undelivered'),
    31: refused('undelivered'),
    15: refused('undelivered'),
    24: refused('message_refused'),
    25: refused('message_too_large'),
    87: refused('message_refused'),
    20: { name: 'ProviderOverQuota', retryAfterMs: 900_000, addressOnly: true },
    12: OUT_OF_CREDIT,
    17: OUT_OF_CREDIT,
    11: MISCONFIGURED,
    13: MISCONFIGURED,
    19: MISCONFIGURED,
    21: UNAVAILABLE,
    100: { ...UNAVAILABLE, addressOnly: true },
  };

  it('lists the outcome of every message status', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(INFOBIP_STATUSES));
  });

  mapsEach('message status %s', Object.entries(ROWS), (id) => [
    [infobipStatusOf(Number(id), 5, 'm-1', `NAME_OF_${id}`), `NAME_OF_${id}`],
    [infobipStatusOf(Number(id), 5), id],
  ]);

  it.each([2, 4, 5])('reports an unknown status of group %i as refused', async (group) => {
    const { answerWith, send } = await start();
    answerWith(infobipStatusOf(999, group, 'm-1'));
    expect(await send()).toMatchObject({ ...refused('message_refused'), vendorCode: '999' });
  });

  it.each([0, 1, 3])('reports an unknown status of group %i as accepted', async (group) => {
    const { answerWith, send } = await start();
    answerWith(infobipStatusOf(999, group, 'm-1'));
    expect(await send()).toMatchObject({ outcome: 'accepted', vendorMessageId: 'm-1' });
  });

  mayHaveSentAfter({
    'no message id': infobipStatusOf(26, 1),
    'no message': { status: 200, body: '{"messages":[]}' },
    'no status': { status: 200, body: '{"messages":[{"messageId":"m-1"}]}' },
    'half a status': { status: 200, body: '{"messages":[{"messageId":"m-1","status":{"id":26}}]}' },
    'no JSON': { status: 200, body: '<html>' },
  });

  mapsEach(
    'HTTP status %s, whatever the form of the error',
    [...BARE_STATUSES, [422, MISCONFIGURED]],
    (status) => {
      const serviceException = { messageId: 'A_WORD', text: 'A sentence with 14155550100.' };
      return [
        [proxyPage(status), String(status)],
        [infobipError(status, `E${status}`), `E${status}`],
        [{ status, body: JSON.stringify({ requestError: { serviceException } }) }, 'A_WORD'],
      ];
    },
  );
  it('reports HTTP status 429 as a quota of the account', async () => {
    const { answerWith, send } = await start();
    answerWith(infobipError(429, 'E429'));
    expect(await send()).toMatchObject({ name: 'ProviderOverQuota', addressOnly: false });
  });
});

describe('a check of the Infobip provider', () => {
  it('states the balance and sends nothing', async () => {
    const { server, provider, received } = await start();
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'The account is active; its balance is 47.79134 EUR.',
      balance: { amount: '47.79134', currency: 'EUR' },
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
  });

  it('fails with wrong credentials', async () => {
    const { provider } = await start({ apiKey: 'wrong' });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code: 'E401' });
  });

  it('fails without credit', async () => {
    const { server, provider } = await start();
    server.account.balance = infobipBalance(0);
    const balance = { amount: '0', currency: 'EUR' };
    expect(await provider.check(CONTEXT.signal)).toMatchObject({
      ...{ outcome: 'failed', code: 'no_credit', balance },
      text: 'The account has no credit; its balance is 0 EUR.',
    });
  });

  it.each([
    ['the key may not read the balance', infobipError(403, 'E403'), 'E403'],
    ['Infobip has a fault', infobipError(503, 'E503'), 'E503'],
    ['there are too many requests', infobipError(429, 'E429'), 'E429'],
    ['the request is refused', infobipError(400, 'E400'), 'E400'],
    ['a proxy answers', proxyPage(200), 'invalid_answer'],
  ] as const)('proves nothing if %s', async (_, answer, code) => {
    const { server, provider } = await start();
    server.account.balance = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'unknown', code });
  });
});
