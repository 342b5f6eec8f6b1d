import { describe, expect, it } from '@jest/globals';
import { SendAborted } from '../../src/domain/outcome.js';
import { TwilioSettings } from '../../src/providers/twilio/twilio-settings.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { twilio } from '../../src/providers/twilio/twilio.provider.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { startTwilioServer, twilioError, type TwilioServer } from '../support/twilio-server.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Ann: “hällo” – how’s it going? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};
const SENT_AT = new Date('2026-03-01T12:00:00.400Z');
const FROM = '+15005550006';
const sid = (n: number): string => `SM${String(n).padStart(32, '0')}`;
const after = (seconds: number): Date => new Date(SENT_AT.getTime() + seconds * 1_000);

const closeLater = closeAfterEach();

async function started(over: Partial<TwilioSettings> = {}): Promise<{
  server: TwilioServer;
  lookUp: (sentAt?: Date, context?: SendContext) => Promise<unknown>;
  provider: SmsProvider;
}> {
  const server = await startTwilioServer({ tls: false });
  const settings = Object.assign(new TwilioSettings(), {
    ...{ id: 'twilio', type: 'twilio', from: FROM, endpoint: server.url },
    ...{ accountSid: server.accountSid, authToken: server.authToken },
    ...over,
  });
  const provider = twilio.create(settings);
  closeLater(server, provider);
  const lookUp = async (sentAt = SENT_AT, context = CONTEXT): Promise<unknown> => {
    if (!provider.lookUp) throw new Error('The Twilio provider has no lookup.');
    return provider.lookUp(MESSAGE, sentAt, context);
  };
  return { server, provider, lookUp };
}
/** Adds an SMS to Twilio's list. */
function list(
  server: TwilioServer,
  n: number,
  createdAt: Date,
  over: { to?: string; from?: string; body?: string; service?: string; direction?: 'inbound' } = {},
): void {
  const { to = MESSAGE.address.phno, from = FROM, body = MESSAGE.text, service, direction } = over;
  server.listed.push({
    sid: sid(n),
    createdAt,
    text: { to, from, body, messagingServiceSid: service },
    ...(direction ? { direction } : {}),
  });
}

describe('the Twilio provider looking up an SMS', () => {
  it('finds an SMS whose answer was lost', async () => {
    const { server, provider, lookUp } = await started();
    server.answerWith((text) => {
      server.listed.push({ sid: sid(7), text, createdAt: new Date() });
      return 'reset';
    });
    const sentAt = new Date();
    await expect(provider.send(MESSAGE, CONTEXT)).rejects.toMatchObject({ mayHaveBeenSent: true });
    expect(await lookUp(sentAt)).toEqual({ found: true, vendorMessageId: sid(7) });
  });

  it('reports it as not found if the list is empty', async () => {
    const { lookUp } = await started();
    expect(await lookUp()).toEqual({ found: false });
  });

  it.each([
    ['another text', after(1), { body: 'Bob: no' }],
    ['one to another number', after(1), { to: '+14155550199' }],
    ['one from another sender', after(1), { from: '+15005550007' }],
    ['an inbound SMS', after(1), { direction: 'inbound' }],
    ['one created before the attempt', after(-61), {}],
    ['one created after the timeout', after(10 + 61), {}],
  ] as const)('does not match %s', async (_what, createdAt, over) => {
    const { server, lookUp } = await started();
    list(server, 1, createdAt, over);
    expect(await lookUp()).toEqual({ found: false });
  });

  it.each([
    ['by a clock that is behind', after(-59), {}],
    ['by a clock that is ahead', after(10 + 59), {}],
    ['with simpler characters', after(1), { body: 'Ann: "hällo" - how\'s it going? 👍' }],
    ['on trial', after(1), { body: `Sent from your Twilio trial account - ${MESSAGE.text}` }],
  ] as const)('matches it %s', async (_what, createdAt, over) => {
    const { server, lookUp } = await started();
    list(server, 1, createdAt, over);
    expect(await lookUp()).toEqual({ found: true, vendorMessageId: sid(1) });
  });

  it('matches the sender in any form, and a messaging service', async () => {
    const service = 'MG00000000000000000000000000000001';
    const { server, lookUp } = await started({ from: '+1 (500) 555-0006', messagingServiceSid: service });
    list(server, 1, after(1));
    expect(await lookUp()).toEqual({ found: false });
    list(server, 2, after(2), { service });
    expect(await lookUp()).toEqual({ found: true, vendorMessageId: sid(2) });
  });

  it('picks the closest in time of several equal SMS', async () => {
    const { server, lookUp } = await started();
    list(server, 1, after(-40));
    list(server, 2, after(0));
    list(server, 3, after(9));
    expect(await lookUp()).toEqual({ found: true, vendorMessageId: sid(2) });
  });

  it('reads all pages', async () => {
    const { server, lookUp } = await started();
    list(server, 1, after(1));
    for (let n = 2; n <= 450; n += 1) list(server, n, after(3_600 + n), { body: `Later ${n}` });
    expect(await lookUp()).toEqual({ found: true, vendorMessageId: sid(1) });
    expect(server.vendor.requests).toBe(3);
  });

  it('stops at a page that is too old', async () => {
    const { server, lookUp } = await started();
    for (let n = 1; n <= 900; n += 1) list(server, n, after(-90_000 + n), { body: `Earlier ${n}` });
    for (let n = 901; n <= 1_000; n += 1) list(server, n, after(n), { body: `Later ${n}` });
    expect(await lookUp()).toEqual({ found: false });
    expect(server.vendor.requests).toBe(2);
  });

  it('leaves it open if it has not seen all pages', async () => {
    const { server, lookUp } = await started();
    for (let n = 1; n <= 2_001; n += 1) list(server, n, after(100 + n), { body: `Later ${n}` });
    await expect(lookUp()).rejects.toMatchObject({
      name: 'ProviderUnavailable',
      vendorCode: 'too_many_messages',
    });
  });

  it('leaves it open if a redacted text may match', async () => {
    const { server, lookUp } = await started();
    list(server, 1, after(1), { body: '' });
    await expect(lookUp()).rejects.toMatchObject({ name: 'ProviderUnavailable', vendorCode: 'redacted' });
  });

  it.each([
    ['a fault', twilioError(503, 20503), { name: 'ProviderUnavailable', vendorCode: '20503' }],
    ['a refusal', twilioError(400, 21211), { name: 'ProviderUnavailable', vendorCode: '21211' }],
    [
      'too many requests',
      twilioError(429, 20429, 'Too Many Requests', { 'retry-after': '3' }),
      { name: 'ProviderOverQuota', retryAfterMs: 3_000 },
    ],
    ['wrong credentials', twilioError(401, 20003), { name: 'ProviderMisconfigured' }],
    ['a dropped connection', 'reset', { name: 'ProviderUnavailable' }],
    ['no JSON', { status: 200, body: '<html>' }, { vendorCode: 'invalid_answer' }],
    ['no list', { status: 200, body: '{}' }, { vendorCode: 'invalid_answer' }],
    [
      'a message without a date',
      { status: 200, body: JSON.stringify({ messages: [{ sid: sid(1), body: 'x' }], next_page_uri: null }) },
      { vendorCode: 'invalid_answer' },
    ],
    [
      'a next page elsewhere',
      { status: 200, body: JSON.stringify({ messages: [], next_page_uri: '/elsewhere?Page=1' }) },
      { vendorCode: 'invalid_answer' },
    ],
    ['half a list', { status: 200, body: '{"messages":[]}' }, { vendorCode: 'invalid_answer' }],
  ] as const)('leaves it open after %s', async (_what, answer, expected) => {
    const { server, lookUp } = await started();
    server.answerListWith(answer);
    await expect(lookUp()).rejects.toMatchObject(expected);
  });

  it('is unavailable if Twilio is not reachable', async () => {
    const { server, lookUp } = await started();
    await server.close();
    await expect(lookUp()).rejects.toMatchObject({ name: 'ProviderUnavailable', vendorCode: 'ECONNREFUSED' });
  });

  it('throws SendAborted if the signal aborts', async () => {
    const { lookUp } = await started();
    const signal = AbortSignal.abort();
    await expect(lookUp(SENT_AT, { ...CONTEXT, signal })).rejects.toBeInstanceOf(SendAborted);
  });
});
