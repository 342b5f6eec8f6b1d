import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import type { EvaluationDto } from '../../src/rehearsal/rules/evaluate.dto.js';
import { postSettled, registerPhone } from '../support/arrange.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { payloadNames, payload, push, sms, type Webhook } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

const [demo] = DEMO_CONFIG.apps;
const rules = [
  {
    name: 'quiet',
    when: 'uid == "quiet"',
    then: { title: 'News', sound: '', data: { link: 'app://{{ details.tag }}' } },
  },
  { name: 'muted', when: 'uid == "muted"', then: { drop: true } },
  { name: 'later', when: 'uid == "later"', then: { delaySeconds: 60 } },
  { name: 'copied', when: 'uid == "copied"', then: { copyToSms: true, smsText: 'Look at the app.' } },
  { name: 'shorter', when: 'channel == "sms"', then: { smsText: 'Short.' } },
  { name: 'everything', when: 'true', then: { priority: 'normal' } },
];

let postgres: TestPostgres;
let sql: pg.Pool;
let gateway: TestGateway;
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 1 });
  sql.on('error', () => undefined);
  gateway = await startTestGateway({ postgres, config: { apps: [{ ...demo, rules }] } });
});
afterAll(async () => {
  await gateway.close();
  await sql.end();
  await postgres.close();
});

const ask = (body: object, headers: Record<string, string> = { apikey: DEMO.apiKey }) =>
  gateway.request({
    method: 'POST',
    url: '/v1/rules/evaluate',
    headers: { 'content-type': 'application/json', ...headers },
    payload: body,
  });
const evaluate = async (webhook: Webhook, headers?: Record<string, string>): Promise<EvaluationDto> => {
  const channel = webhook.trigger.startsWith('sms') ? 'sms' : 'push';
  const answer = await ask({ appId: DEMO.appId, channel, data: webhook.data }, headers);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
  return answer.json<EvaluationDto>();
};
const register = (uid: string, body: object = {}): Promise<string> => registerPhone(gateway, uid, body);
const matched = ({ rules: all }: EvaluationDto): string[] =>
  all.filter((rule) => rule.matched).map(({ name }) => name);
const send = async (channel: 'push' | 'sms', event: Webhook): Promise<string> =>
  (await postSettled(gateway, channel, event)).id;
/**
 * The contents of every table of the gateway, except what it writes some time after the cause: the last push of a device,
 * and the statistics.
 */
const rowCounts = async (): Promise<object> => {
  const tables = await sql.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema = 'public' AND table_name !~ '^tally(_|$)' ORDER BY 1`,
  );
  const counts: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows } = await sql.query<{ n: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(row, ' ' ORDER BY row)), '') AS n FROM (SELECT (to_jsonb(t) - 'reached_at')::text AS row FROM ${name} t) rows`,
    );
    counts[name] = rows[0]?.n ?? '';
  }
  return counts;
};

describe('POST /v1/rules/evaluate', () => {
  it('shows the rules that match, the changes, and the push as it is then sent', async () => {
    await register('quiet');
    const event = push({ tag: '77', sentAt: String(Date.now()) }, 'quiet');
    const found = await evaluate(event);
    expect(matched(found)).toEqual(['quiet', 'everything']);
    expect(found.rules[0]).toEqual({ name: 'quiet', action: 'title, sound, data', matched: true });
    expect(found.before).toEqual(event.data);
    expect(found.after).toMatchObject({
      to: { uid: 'quiet' },
      notificationDetails: { title: 'News', body: 'Hello!', link: 'app://77' },
    });
    expect(found).toMatchObject({ outcome: 'sends', notBefore: null, isShown: true });
    expect(found.messages).toHaveLength(1);

    await send('push', event);
    const [sent] = await gateway.sandboxMessages();
    const { message } = sent ?? {};
    const [{ payload: shown, bytes } = { payload: {}, bytes: 0 }] = found.messages as {
      payload: { data: object; android: { ttl: string } };
      bytes: number;
    }[];
    expect(shown).toMatchObject({ data: message?.data, android: { priority: 'NORMAL' } });
    expect(Object.keys(shown)).toEqual(Object.keys(message ?? {}));
    const data = Object.entries(message?.data ?? {})
      .flat()
      .join('');
    expect(bytes).toBe(Buffer.byteLength(data));
    expect(found.messages[0]).toMatchObject({
      provider: 'default',
      transport: 'fcm',
      limitBytes: 4_096,
      dropped: [],
      isExample: false,
    });
  });

  it('shows what is dropped from a push that is too large', async () => {
    await register('large');
    const custom = { note: 'x'.repeat(5_000) };
    const { messages } = await evaluate(push({ custom }, 'large'));
    expect(messages).toMatchObject([{ dropped: ['custom'], limitBytes: 4_096 }]);
    expect(messages[0]?.bytes).toBeLessThanOrEqual(4_096);
  });

  it('shows each kind of device once, and a copy as SMS', async () => {
    await register('copied');
    await register('copied', { fcmToken: 'second-phone' });
    await register('copied', {
      platform: 'apns_ios_device',
      fcmToken: undefined,
      deviceToken: 'ab'.repeat(32),
    });
    await gateway.backend('PUT', '/v1/users/copied/contact', { phno: '+14155550123' });
    const { messages } = await evaluate(push({}, 'copied'));
    expect(messages.map(({ transport, provider }) => [transport, provider])).toEqual([
      ['apns', 'default'],
      ['fcm', 'default'],
      ['sms', 'sandbox'],
    ]);
    expect(messages[2]).toEqual({
      provider: 'sandbox',
      transport: 'sms',
      payload: { text: 'Look at the app.', encoding: 'gsm7', segments: 1 },
      bytes: 16,
      limitBytes: null,
      dropped: [],
      isExample: false,
    });
  });

  it('says why nothing is sent', async () => {
    await register('muted');
    expect(await evaluate(push({}, 'muted'))).toMatchObject({
      outcome: 'filtered_by_rule',
      after: null,
      messages: [],
    });
    const call = push({ sessionId: 'v1.us.over' }, 'muted', 'push-call-cancelled');
    await send('push', call);
    const ring = push({ sessionId: 'v1.us.over' }, 'muted', 'push-call-initiated');
    expect(await evaluate(ring)).toMatchObject({ outcome: 'call_over', messages: [] });
  });

  it('says when it is sent later', async () => {
    await register('later');
    const { outcome, notBefore } = await evaluate(push({}, 'later'));
    expect(outcome).toBe('sends_later');
    expect(new Date(notBefore ?? 0).getTime()).toBeGreaterThan(Date.now() + 50_000);
  });

  it('shows examples for a user without an address', async () => {
    const chat = await evaluate(push({}, 'nobody'));
    expect(chat.outcome).toBe('no_device');
    expect(chat.messages.map(({ transport, isExample }) => [transport, isExample])).toEqual(
      ['fcm', 'apns', 'webpush', 'expo', 'hms'].map((transport) => [transport, true]),
    );
    const text = await evaluate(sms(null, 'nobody'));
    expect(text).toMatchObject({
      outcome: 'no_phone_number',
      after: { smsContent: 'Short.' },
      messages: [{ transport: 'sms', payload: { text: 'Short.' }, isExample: true }],
    });
  });

  it('shows an SMS, and that its number has opted out', async () => {
    expect(await evaluate(sms('+14155550111', 'texted'))).toMatchObject({
      outcome: 'sends',
      messages: [{ provider: 'sandbox', payload: { text: 'Short.' } }],
    });
    await gateway.backend('POST', '/v1/opt-outs', { phno: '+14155550111' });
    expect(await evaluate(sms('+14155550111', 'texted'))).toMatchObject({
      outcome: 'opted_out',
      messages: [],
    });
  });

  it.each(payloadNames)('takes the documented payload %s and records nothing', async (name) => {
    const webhook = payload(name);
    await register(webhook.data.to.uid, { fcmToken: `phone-for-${name}` }).catch(() => undefined);
    const before = await rowCounts();
    const { messages } = await evaluate(webhook, { authorization: OPERATOR_AUTH });
    expect(messages.length).toBeGreaterThan(0);
    expect(await rowCounts()).toEqual(before);
  });

  it('sends nothing, while a webhook after it does', async () => {
    const before = (await gateway.sandboxMessages()).length;
    await evaluate(push({ tag: 'only-tried' }, 'quiet'));
    await send('push', push({ tag: 'sent-after' }, 'quiet'));
    const [newest, ...others] = await gateway.sandboxMessages();
    expect(newest?.message.data).toMatchObject({ tag: 'sent-after' });
    expect(others).toHaveLength(before);
  });
});
