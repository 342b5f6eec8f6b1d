import { describe, expect, it } from '@jest/globals';
import { PlivoSettings } from '../../src/providers/plivo/plivo-settings.js';
import { PLIVO_STATUSES, PLIVO_WORDS } from '../../src/providers/plivo/plivo-errors.js';
import { plivo } from '../../src/providers/plivo/plivo.provider.js';
import {
  playPlivo,
  plivoAccount,
  plivoError,
  plivoInvalidNumber,
  startPlivoServer,
} from '../support/plivo-server.js';
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

const UNPROCESSABLE = [422, refused('message_refused')] as const;
const { keepsContracts, start, message, mapsEach, mayHaveSentAfter } = smsVendor({
  factory: plivo,
  Settings: PlivoSettings,
  startServer: startPlivoServer,
  play: playPlivo,
  account: ({ authId, authToken }) => ({ authId, authToken, from: '+15005550006' }),
  badCredentials: { authToken: 'wrong' },
  secret: ({ authToken }) => authToken,
});
keepsContracts();

describe('the Plivo provider', () => {
  it('sends every field of an SMS', async () => {
    const { received, send } = await start();
    expect(await send()).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: 'db3ce55a-7f1d-11e1-8ea7-000000000001',
    });
    expect(received).toEqual([
      {
        src: '15005550006',
        dst: '14155550100',
        text: message.text,
        type: 'sms',
        url: message.statusUrl,
        method: 'POST',
        message_expiry: 3_600,
      },
    ]);
  });

  it('sends an alphanumeric sender, and no callback URL if there is none', async () => {
    const { received, send } = await start({ from: 'Bellhop' });
    await send({ statusUrl: undefined });
    expect(received).toMatchObject([{ src: 'Bellhop' }]);
    expect(received[0]).not.toHaveProperty('url');
    expect(received[0]).not.toHaveProperty('method');
  });

  it.each([
    [1, 5],
    [36_000, 10_799],
  ])('limits a lifetime of %i seconds to what Plivo allows: %i', async (validForSeconds, message_expiry) => {
    const { received, send } = await start();
    await send({ validForSeconds });
    expect(received).toMatchObject([{ message_expiry }]);
  });

  it.each([
    ['an error', plivoError(400, "'14155550100' is not a valid phone number.")],
    ['a 2xx', plivoInvalidNumber('14155550100')],
  ])('reports an invalid number as dead: %s', async (_, answer) => {
    const { answerWith, send } = await start();
    answerWith(answer);
    expect(await send()).toMatchObject({ ...DEAD, vendorCode: 'invalid_number' });
  });
  it('does not report the number as dead if the sender is invalid', async () => {
    const { answerWith, send } = await start();
    answerWith(plivoError(400, "'15005550006' is not a valid phone number."));
    expect(await send()).toMatchObject({ ...refused('message_refused'), vendorCode: '400' });
  });
  it('reads from the text of an error that the account is out of credit', async () => {
    const { answerWith, send } = await start();
    answerWith(plivoError(400, 'Insufficient Credit'));
    expect(await send()).toMatchObject({ ...OUT_OF_CREDIT, vendorCode: 'insufficient_credit' });
  });

  const STATUSES = [
    [400, refused('message_refused')],
    [401, MISCONFIGURED],
    [402, OUT_OF_CREDIT],
    [404, MISCONFIGURED],
    [405, MISCONFIGURED],
    [500, UNAVAILABLE],
  ] as const;
  it('lists the outcome of every error text and status', () => {
    expect(Object.keys(PLIVO_WORDS)).toEqual(['invalid_number', 'insufficient_credit']);
    expect(Object.keys(PLIVO_STATUSES)).toEqual(STATUSES.map(([status]) => String(status)));
  });
  mapsEach(
    'HTTP status %s without a known error text',
    [...STATUSES, ...BARE_STATUSES, UNPROCESSABLE],
    (status) => [
      [proxyPage(status), String(status)],
      [plivoError(status, 'Words that nobody knows'), String(status)],
    ],
  );

  mayHaveSentAfter({
    'no message ids': { status: 202, body: '{"message":"message(s) queued"}' },
    'an empty list of message ids': { status: 202, body: '{"message_uuid":[]}' },
    'a message id that is a number': { status: 202, body: '{"message_uuid":[17]}' },
  });
});

describe('a check of the Plivo provider', () => {
  it('states the balance and sends nothing', async () => {
    const { server, provider, received } = await start();
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'Plivo accepts the account; its balance is 12.50.',
      balance: { amount: '12.50', currency: null },
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
    expect(server.vendor.requests).toBe(1);
  });

  it.each([
    ['a wrong token', { authToken: 'wrong' }, '401'],
    ['the id of another account', { authId: 'MAYYYYYYYYYYYYYYYYYY' }, '404'],
  ])('fails with %s', async (_, over, code) => {
    const { provider } = await start(over);
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code });
  });

  it.each([
    ['0.00000', '0.00'],
    ['-0.01200', '-0.01'],
  ])('fails with credits of %s, unless the account is postpaid', async (credits, amount) => {
    const { server, provider } = await start();
    server.account.details = plivoAccount(credits);
    const balance = { amount, currency: null };
    expect(await provider.check(CONTEXT.signal)).toMatchObject({
      outcome: 'failed',
      code: 'insufficient_credit',
      balance,
    });
    server.account.details = plivoAccount(credits, 'postpaid');
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok', balance });
  });

  it.each([
    ['an account without permission', plivoError(403, 'forbidden'), 'failed', '403'],
    ['a fault of Plivo', plivoError(503, 'server error'), 'unknown', '503'],
    ['too many requests', plivoError(429, 'too many requests'), 'unknown', '429'],
    ['a request that is refused', plivoError(400, 'bad request'), 'unknown', '400'],
    ['a proxy page', proxyPage(200), 'unknown', 'invalid_answer'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start();
    server.account.details = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });
});
