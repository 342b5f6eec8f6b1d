import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import {
  OPERATOR_AUTH,
  startTestGateway,
  WEBHOOK_AUTH,
  type SandboxJson,
  type TestGateway,
} from '../../support/gateway.js';
import { push, sms } from '../../support/payloads.js';

interface Answer {
  notificationId: string;
  duplicate: boolean;
  code?: string;
  errors?: { path: string }[];
}

const OTHER_KEY = 'backend-key-of-another-app';
let gateway: TestGateway;
beforeAll(async () => {
  const [app] = DEMO_CONFIG.apps;
  const other = { ...app, appId: 'other', clients: { apiKeys: [OTHER_KEY] } };
  gateway = await startTestGateway({ config: { apps: [app, other] } });
});
afterAll(() => gateway.close());

function post(
  url: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> {
  return gateway.request({
    method: 'POST',
    url,
    headers: { apikey: DEMO.apiKey, ...headers },
    ...(body ? { payload: body } : {}),
  });
}
const send = (body: object, headers?: Record<string, string>): Promise<LightMyRequestResponse> =>
  post('/v1/notifications', body, headers);
const resend = (
  id: string,
  body?: object,
  headers?: Record<string, string>,
): Promise<LightMyRequestResponse> => post(`/v1/notifications/${id}/resend`, body, headers);

/** The addresses or reasons of a notification's deliveries, once it is settled. */
async function reached(answer: LightMyRequestResponse): Promise<string[]> {
  expect([answer.statusCode, answer.body]).toEqual([202, expect.anything()]);
  const { deliveries } = await gateway.notification(answer.json<Answer>().notificationId);
  return deliveries.map(({ address, reason }) => address ?? `${reason}`).sort();
}

async function register(uid: string, sessionId: string): Promise<string> {
  const body = { platform: 'fcm_android', fcmToken: `${sessionId}-a-long-token-of-${uid}`, sessionId };
  return (await gateway.backend('POST', `/v1/users/${uid}/devices`, body)).json<{ id: string }>().id;
}

async function messagesTo(uid: string): Promise<SandboxJson[]> {
  return (await gateway.sandboxMessages()).filter((message) => message.uid === uid);
}

const code = (answer: LightMyRequestResponse): unknown[] => [answer.statusCode, answer.json<Answer>().code];

describe('POST /v1/notifications', () => {
  it('sends a push with its data to all devices of a user', async () => {
    await register('ann', 'phone');
    await register('ann', 'tablet');
    const answer = await send({
      channel: 'push',
      to: { uid: 'Ann' },
      title: 'Your order',
      body: 'is ready',
      data: { orderId: 17, title: 'never', callAction: 'initiated' },
      tag: 'order-17',
    });
    expect(answer.json()).toEqual({
      notificationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      duplicate: false,
    });
    expect(await reached(answer)).toEqual(['phon…ann', 'tabl…ann']);
    const record = await gateway.notification(answer.json<Answer>().notificationId);
    expect(record).toMatchObject({
      appId: DEMO.appId,
      channel: 'push',
      kind: 'api',
      uid: 'ann',
      status: 'sent',
    });
    const [message] = await messagesTo('ann');
    expect(message?.kind).toBe('api');
    expect(message?.message.data).toMatchObject({
      type: 'api',
      title: 'Your order',
      body: 'is ready',
      tag: 'order-17',
      orderId: '17',
    });
    expect(message?.message.data).not.toHaveProperty('callAction');
  });

  it('targets one session, one device, or all but one session', async () => {
    const id = await register('bob', 'a');
    await register('bob', 'b');
    await register('bob', 'c');
    const foreign = await register('not-bob', 'a');
    const to = async (target: object): Promise<string[]> =>
      reached(await send({ channel: 'push', to: { uid: 'bob', ...target }, title: 'x' }));
    expect(await to({ sessionId: 'b' })).toEqual(['b-a-…bob']);
    expect(await to({ deviceId: id.toUpperCase() })).toEqual(['a-a-…bob']);
    expect(await to({ exceptSessionId: 'b' })).toEqual(['a-a-…bob', 'c-a-…bob']);
    expect(await to({ sessionId: 'none' })).toEqual(['no_device']);
    expect(await to({ deviceId: foreign })).toEqual(['no_device']);
  });

  it('sends an SMS to the given number, or else to the contact’s number', async () => {
    const given = await send({ channel: 'sms', to: { uid: 'cyd', phno: '(415) 555-0123' }, text: 'One' });
    expect(await reached(given)).toEqual(['+14…23']);
    expect((await messagesTo('cyd'))[0]).toMatchObject({
      to: '+14155550123',
      kind: 'api',
      message: { text: 'One' },
    });
    expect(await reached(await send({ channel: 'sms', to: { uid: 'cyd' }, text: 'Two' }))).toEqual([
      'no_phone_number',
    ]);
    await gateway.backend('PUT', '/v1/users/cyd/contact', { phno: '+14155550124' });
    expect(await reached(await send({ channel: 'sms', to: { uid: 'cyd' }, text: 'Two' }))).toEqual([
      '+14…24',
    ]);
  });

  it('passes the remaining ttlSeconds to the vendor', async () => {
    await register('dan', 'a');
    const body = { channel: 'push', to: { uid: 'dan' }, title: 'x', ttlSeconds: 3_600 };
    await reached(await send(body));
    expect(JSON.stringify((await messagesTo('dan'))[0]?.message)).toMatch(/"ttl":"3(600|59\d)s"/);
  });

  it('answers a repeated Idempotency-Key with the first notification, or 409 for another request', async () => {
    const body = { channel: 'push', to: { uid: 'eve' }, title: 'Once' };
    const key = { 'idempotency-key': 'order 17/ready' };
    const all = await Promise.all(Array.from({ length: 10 }, () => send(body, key)));
    const [first] = all.map((answer) => answer.json<Answer>());
    expect(new Set(all.map((answer) => answer.json<Answer>().notificationId)).size).toBe(1);
    expect(all.filter((answer) => !answer.json<Answer>().duplicate)).toHaveLength(1);
    await gateway.notification(first?.notificationId ?? '');
    const reordered = await send({ title: 'Once', to: { uid: 'eve' }, channel: 'push' }, key);
    expect(reordered.json()).toEqual({ notificationId: first?.notificationId, duplicate: true });

    // The queue keeps the last 100 jobs of a kind; the key outlives its job.
    const later = Array.from({ length: 110 }, (_, i) => send({ ...body, title: `${i}` }));
    for (const answer of await Promise.all(later)) await reached(answer);
    expect((await send(body, key)).json()).toEqual({
      notificationId: first?.notificationId,
      duplicate: true,
    });

    expect(code(await send({ ...body, title: 'Twice' }, key))).toEqual([
      409,
      'NOTIFICATION.IDEMPOTENCY_CONFLICT',
    ]);
    const smsBody = { channel: 'sms', to: { uid: 'eve' }, text: 'Once' };
    expect(code(await send(smsBody, key))).toEqual([409, 'NOTIFICATION.IDEMPOTENCY_CONFLICT']);
    const elsewhere = await send({ ...body, title: 'Twice' }, { ...key, apikey: OTHER_KEY });
    expect(elsewhere.json()).toMatchObject({ duplicate: false });
    const [one, two] = [await send(body), await send(body)];
    expect(one.json<Answer>().notificationId).not.toBe(two.json<Answer>().notificationId);
  });

  it.each<[string, unknown, string]>([
    ['no channel', { to: { uid: 'a' }, title: 'x' }, 'channel'],
    ['no recipient', { channel: 'push', title: 'x' }, 'to'],
    ['an invalid uid', { channel: 'push', to: { uid: 'a b' }, title: 'x' }, 'to.uid'],
    ['no content', { channel: 'push', to: { uid: 'a' } }, ''],
    ['data that is a list', { channel: 'push', to: { uid: 'a' }, data: [1] }, 'data'],
    [
      'an excessive ttlSeconds',
      { channel: 'push', to: { uid: 'a' }, title: 'x', ttlSeconds: 1e9 },
      'ttlSeconds',
    ],
    ['an invalid device id', { channel: 'push', to: { uid: 'a', deviceId: 'x' }, title: 'x' }, 'to.deviceId'],
    ['no text', { channel: 'sms', to: { uid: 'a' } }, 'text'],
    ['a list in place of an object', [], ''],
  ])('refuses a body with %s', async (_, body, path) => {
    const answer = await send(body as object);
    expect(code(answer)).toEqual([400, 'REQUEST.INVALID_BODY']);
    expect(answer.json<Answer>().errors?.map((fault) => fault.path)).toContain(path);
  });

  it('refuses an invalid Idempotency-Key, and callers that are no backend', async () => {
    const body = { channel: 'push', to: { uid: 'a' }, title: 'x' };
    for (const key of ['', 'x'.repeat(256), 'a\tb'])
      expect(code(await send(body, { 'idempotency-key': key }))).toEqual([400, 'REQUEST.INVALID_HEADER']);
    const anonymous = { method: 'POST', url: '/v1/notifications', payload: body } as const;
    for (const authorization of [OPERATOR_AUTH, WEBHOOK_AUTH])
      expect(code(await gateway.request({ ...anonymous, headers: { authorization } }))[0]).toBe(401);
  });
});

describe('POST /v1/notifications/{id}/resend', () => {
  const webhook = async (channel: 'push' | 'sms', body: object): Promise<string> =>
    (await gateway.webhook(channel, body)).json<Answer>().notificationId;

  it('sends a webhook’s notification again, to the user’s current devices', async () => {
    const first = await webhook('push', push({ tag: 'r1', body: 'Again!' }, 'fay'));
    expect((await gateway.notification(first)).status).toBe('skipped');
    await register('fay', 'a');
    await register('fay', 'b');
    const again = await resend(first);
    const { notificationId } = again.json<Answer>();
    expect(notificationId).not.toBe(first);
    expect(await reached(again)).toEqual(['a-a-…fay', 'b-a-…fay']);
    expect(await gateway.notification(notificationId)).toMatchObject({ kind: 'chat', uid: 'fay' });
    expect((await messagesTo('fay'))[0]?.message.data).toMatchObject({ tag: 'r1', body: 'Again!' });
    expect(await reached(await resend(first, { exceptSessionId: 'a' }))).toEqual(['b-a-…fay']);
    expect(await reached(await resend(first, {}, { apikey: '', authorization: OPERATOR_AUTH }))).toHaveLength(
      2,
    );
  });

  it('keeps the first target unless another is given', async () => {
    await register('gus', 'a');
    await register('gus', 'b');
    const body = { channel: 'push', to: { uid: 'gus', sessionId: 'a' }, title: 'x' };
    const first = (await send(body)).json<Answer>().notificationId;
    expect(await reached(await resend(first))).toEqual(['a-a-…gus']);
    expect(await reached(await resend(first, { sessionId: 'b' }))).toEqual(['b-a-…gus']);
  });

  it('sends once per Idempotency-Key', async () => {
    const first = await webhook('push', push({ tag: 'r2' }, 'hal'));
    const key = { 'idempotency-key': 'k' };
    const one = (await resend(first, undefined, key)).json<Answer>();
    expect((await resend(first, {}, key)).json()).toEqual({
      notificationId: one.notificationId,
      duplicate: true,
    });
    expect(code(await resend(first, { sessionId: 's' }, key))[1]).toBe('NOTIFICATION.IDEMPOTENCY_CONFLICT');
    const other = await webhook('push', push({ tag: 'r3' }, 'hal'));
    expect((await resend(other, {}, key)).json()).toMatchObject({ duplicate: false });
  });

  it('sends an SMS again, and refuses a device as its target', async () => {
    const first = await webhook('sms', sms('+14155550177', 'ian'));
    expect(await reached(await resend(first))).toEqual(['+14…77']);
    expect(code(await resend(first, { sessionId: 's' }))).toEqual([400, 'REQUEST.INVALID_BODY']);
  });

  it('rings again only within the ring window', async () => {
    await register('jan', 'a');
    const ring = (sessionId: string, sentAt: number): Promise<string> =>
      webhook('push', push({ sessionId, sentAt: String(sentAt) }, 'jan', 'push-call-initiated'));
    const live = await ring('call-1', Date.now() - 5_000);
    expect(await reached(await resend(live))).toEqual(['a-a-…jan']);

    const old = await ring('call-2', Date.now() - 44_500);
    expect(code(await resend(old))).toEqual([409, 'NOTIFICATION.RING_OVER']);

    // Received 25 s ago without sentAt: at most 20 of 45 s remain.
    const timeless = await webhook(
      'push',
      push({ sessionId: 'call-3', sentAt: null }, 'jan', 'push-call-initiated'),
    );
    await gateway.notification(timeless);
    const sql = new pg.Client({ connectionString: gateway.databaseUrl });
    await sql.connect();
    await sql.query(`UPDATE notification SET received_at = now() - interval '25 seconds' WHERE id = $1`, [
      timeless,
    ]);
    await sql.end();
    await reached(await resend(timeless));
    expect(JSON.stringify((await messagesTo('jan'))[0]?.message)).toMatch(/"ttl":"1?\ds"/);

    await gateway.notification(
      await webhook('push', push({ sessionId: 'call-1' }, 'jan', 'push-call-ended')),
    );
    expect(code(await resend(live))).toEqual([409, 'NOTIFICATION.RING_OVER']);
  });

  it('finds only the notifications of the caller’s app', async () => {
    const first = await webhook('push', push({ tag: 'r4' }, 'kim'));
    for (const id of ['nonsense', '00000000-0000-7000-8000-000000000000'])
      expect(code(await resend(id))).toEqual([404, 'NOTIFICATION.NOT_FOUND']);
    expect(code(await resend(first, {}, { apikey: OTHER_KEY }))).toEqual([404, 'NOTIFICATION.NOT_FOUND']);
    expect(code(await resend(first, { deviceId: 'x' }))).toEqual([400, 'REQUEST.INVALID_BODY']);
  });
});
