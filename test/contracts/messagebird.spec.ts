import { describe, expect, it } from '@jest/globals';
import { MessageBirdSettings } from '../../src/providers/messagebird/messagebird-settings.js';
import { MESSAGEBIRD_CODES } from '../../src/providers/messagebird/messagebird-errors.js';
import { messagebird } from '../../src/providers/messagebird/messagebird.provider.js';
import {
  messageBirdBalance,
  messageBirdError,
  playMessageBird,
  startMessageBirdServer,
} from '../support/messagebird-server.js';
import {
  BARE_STATUSES,
  CONTEXT,
  DEAD,
  MISCONFIGURED,
  OUT_OF_CREDIT,
  proxyPage,
  refused,
  smsVendor,
} from './sms-vendor.fixture.js';

const UNPROCESSABLE = [422, refused('message_refused')] as const;
const { keepsContracts, start, message, mapsEach, mayHaveSentAfter } = smsVendor({
  factory: messagebird,
  Settings: MessageBirdSettings,
  startServer: startMessageBirdServer,
  play: playMessageBird,
  account: ({ accessKey }) => ({ accessKey, from: 'Bellhop' }),
  badCredentials: { accessKey: 'wrong' },
  secret: ({ accessKey }) => accessKey,
  message: { address: { phno: '+31612345678' } },
});
keepsContracts();

describe('the MessageBird provider', () => {
  it('sends every field of an SMS', async () => {
    const { received, send } = await start();
    expect(await send()).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(received).toEqual([
      {
        originator: 'Bellhop',
        recipients: ['31612345678'],
        body: message.text,
        type: 'sms',
        datacoding: 'unicode',
        reference: message.reference,
        validity: 3_600,
        reportUrl: message.statusUrl,
      },
    ]);
  });

  it('sends a GSM-7 SMS as plain, a number as the sender, and no callback URL if there is none', async () => {
    const { received, send } = await start({ from: '+31970123456' });
    await send({ statusUrl: undefined, encoding: 'gsm7' });
    expect(received).toMatchObject([{ originator: '31970123456', datacoding: 'plain' }]);
    expect(received[0]).not.toHaveProperty('reportUrl');
  });

  it('reports an SMS that is too long as message_too_large', async () => {
    const { send } = await start();
    expect(await send({ text: 'ä'.repeat(604) })).toMatchObject({
      ...refused('message_too_large'),
      vendorCode: '10 body',
    });
  });

  const ROWS: Readonly<Record<string, object>> = {
    '2': MISCONFIGURED,
    '9': refused('message_refused'),
    '10': refused('message_refused'),
    '20': MISCONFIGURED,
    '25': OUT_OF_CREDIT,
    '9 recipient': DEAD,
    '9 recipients': DEAD,
    '9 originator': MISCONFIGURED,
    '10 recipient': DEAD,
    '10 recipients': DEAD,
    '10 originator': MISCONFIGURED,
    '10 body': refused('message_too_large'),
    '10 reportUrl': MISCONFIGURED,
  };
  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(MESSAGEBIRD_CODES));
  });
  mapsEach('error code %s', Object.entries(ROWS), (row) => {
    const [code, parameter] = row.split(' ');
    const about = parameter === undefined ? [null, 'another'] : [parameter];
    return about.map((each) => [messageBirdError(422, Number(code), each), row] as const);
  });

  it('does not report a number as dead if only a trial account may not use it', async () => {
    const { answerWith, send } = await start();
    const words =
      'no (correct) recipients found. Note: during your test period you can only send to yourself';
    answerWith(messageBirdError(422, 9, 'recipient', words));
    expect(await send()).toMatchObject({ ...refused('message_refused'), vendorCode: '9' });
  });

  mapsEach('HTTP status %s without a known error code', [...BARE_STATUSES, UNPROCESSABLE], (status) => [
    [proxyPage(status), String(status)],
    [messageBirdError(status, 9_999), '9999'],
  ]);

  mayHaveSentAfter({
    'no message id': { status: 201, body: '{"direction":"mt"}' },
    'a message id that is a number': { status: 201, body: '{"id":17}' },
  });
});

describe('a check of the MessageBird provider', () => {
  it('states the balance and sends nothing', async () => {
    const { server, provider, received } = await start();
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'The account is active; its balance is 9.2 EUR.',
      balance: { amount: '9.2', currency: 'EUR' },
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
  });

  it.each([
    ['credits', null, 'The account is active; its balance is 120 credits.'],
    ['CHF', 'CHF', 'The account is active; its balance is 120 CHF.'],
  ])('states a balance in %s', async (type, currency, text) => {
    const { server, provider } = await start();
    server.account.balance = messageBirdBalance(120, type);
    const balance = { amount: '120', currency };
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok', text, balance });
  });

  it('accepts an account without a balance if it is billed afterwards', async () => {
    const { server, provider } = await start();
    server.account.balance = messageBirdBalance(0, 'euros', 'postpaid');
    const checked = await provider.check(CONTEXT.signal);
    expect(checked).toMatchObject({ outcome: 'ok', text: 'The account is active; it is billed afterwards.' });
    expect(checked).not.toHaveProperty('balance');
  });

  it('fails with wrong credentials', async () => {
    const { provider } = await start({ accessKey: 'wrong' });
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code: '2' });
  });

  it.each([
    ['no credit', messageBirdBalance(0, 'credits'), 'failed', 'no_credit'],
    ['a debt', messageBirdBalance(-0.5, 'euros'), 'failed', 'no_credit'],
    ['a fault of MessageBird', messageBirdError(503, 99), 'unknown', '99'],
    ['too many requests', { status: 429 }, 'unknown', '429'],
    ['a request that is refused', messageBirdError(422, 10), 'unknown', '10'],
    ['a proxy page', proxyPage(200), 'unknown', 'invalid_answer'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start();
    server.account.balance = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });
});
