import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { openBegunEvents, openEvents, type EventSource, type SentEvent } from '../support/event-source.js';
import {
  OPERATOR_AUTH,
  startTestGateway,
  type NotificationJson,
  type SandboxJson,
  type TestGateway,
} from '../support/gateway.js';
import { OPERATOR, USERS, VIEWER_AUTH } from '../support/operators.js';
import { push } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

const OTHER = { appId: 'other-app', apiKey: 'backend-key-of-other-app' } as const;
const [demo] = DEMO_CONFIG.apps;
const CONFIG = {
  admin: { users: USERS },
  apps: [demo, { ...demo, appId: OTHER.appId, clients: { apiKeys: [OTHER.apiKey] } }],
};
const operator = { authorization: OPERATOR_AUTH };
const backend = { apikey: DEMO.apiKey };

let postgres: TestPostgres;
let gateway: TestGateway;
let sql: pg.Pool;
const sources: EventSource[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
  gateway = await startTestGateway({ config: CONFIG, postgres });
  sql = new pg.Pool({ connectionString: postgres.url, max: 1 });
  await gateway.backend('POST', '/v1/users/ann/devices', {
    platform: 'fcm_android',
    fcmToken: 'token-of-ann',
  });
});
afterEach(() => {
  for (const source of sources.splice(0)) source.close();
});
afterAll(async () => {
  await sql.end();
  await gateway.close();
  await postgres.close();
});

async function follow(
  query: string,
  headers: Record<string, string>,
  url = gateway.url,
): Promise<EventSource> {
  const source = await openBegunEvents(`${url}/v1/events?${query}`, headers);
  sources.push(source);
  return source;
}

async function post(tag: string, uid = 'ann', by = gateway): Promise<string> {
  const answer = await by.webhook('push', push({ tag }, uid));
  return answer.json<{ notificationId: string }>().notificationId;
}

const rowOf = (event: SentEvent): NotificationJson => event.data as NotificationJson;
const idsIn = ({ events }: EventSource): string[] =>
  events.filter(({ name }) => name === 'notification').map((event) => rowOf(event).id);

describe('GET /v1/events', () => {
  it('sends each notification as the list shows it, until its status is final', async () => {
    const source = await follow('topics=notifications', backend);
    const id = await post('events-1');
    const event = await source.event((one) => rowOf(one).id === id && rowOf(one).settledAt !== null);
    const list = await gateway.backend('GET', '/v1/notifications?uid=ann&limit=1');
    expect(event).toEqual({
      name: 'notification',
      id: expect.stringMatching(/^\d{13}$/),
      data: list.json<{ data: unknown[] }>().data[0],
    });
    expect(source.events.every(({ name }) => name === 'notification')).toBe(true);
  });

  it('sends it again when its status changes later', async () => {
    const source = await follow('topics=notifications', backend);
    const id = await post('events-2');
    await source.event((one) => rowOf(one).id === id && rowOf(one).settledAt !== null);
    await sql.query(`UPDATE notification SET status = 'delivered' WHERE id = $1`, [id]);
    const isDelivered = (one: SentEvent): boolean => rowOf(one).status === 'delivered';
    expect(rowOf(await source.event(isDelivered)).id).toBe(id);
  });

  it('sends one that was received minutes before it was planned', async () => {
    const source = await follow('topics=notifications', backend);
    const id = await post('events-3');
    await gateway.notification(id);
    const late = '00000000-0000-7000-8000-000000000001'.replace(
      /^.{13}/,
      (Date.now() - 300_000)
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-'),
    );
    await sql.query(
      `INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, planned_at, settled_at)
       SELECT $2, app_id, channel, kind, uid, status, content, received_at, now(), now() FROM notification WHERE id = $1`,
      [id, late],
    );
    const event = await source.event((one) => rowOf(one).id === late);
    expect(event.data).toMatchObject({ status: 'sent', deliveries: [] });
  });

  it('is a stream that browsers and proxies keep open', async () => {
    const source = await follow('', operator);
    expect(source.status).toBe(200);
    expect(Object.fromEntries(source.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-request-id': expect.any(String),
    });
    expect(source.text()).toMatch(/^retry: 3000\n\n/);
  });

  it('takes the cookie of a session', async () => {
    const login = await gateway.request({ method: 'POST', url: '/admin/api/session', payload: OPERATOR });
    const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
    const source = await follow('topics=notifications', { cookie });
    const id = await post('events-4');
    expect((await source.event((one) => rowOf(one).id === id)).name).toBe('notification');
  });

  it('shows a backend its own app, and an operator one app or all', async () => {
    const [own, others, all, one] = await Promise.all([
      follow('topics=notifications,sandbox', backend),
      follow('topics=notifications,sandbox', { apikey: OTHER.apiKey }),
      follow('topics=notifications', operator),
      follow(`topics=notifications&appId=${OTHER.appId}`, operator),
    ]);
    const event = { ...push({ tag: 'events-5' }, 'ann'), appId: OTHER.appId };
    const answer = await gateway.webhook('push', event);
    const { notificationId } = answer.json<{ notificationId: string }>();
    const id = await post('events-6');
    for (const source of [own, all]) await source.event((found) => rowOf(found).id === id);
    for (const source of [others, all, one])
      await source.event((found) => rowOf(found).id === notificationId);
    expect([
      idsIn(own).includes(notificationId),
      idsIn(others).includes(id),
      idsIn(one).includes(id),
    ]).toEqual([...[false, false, false]]);
  });

  it('shows sandbox messages whole to the operator, and without address and content to others', async () => {
    const [whole, viewed, own] = await Promise.all([
      follow('topics=sandbox', operator),
      follow('topics=sandbox', { authorization: VIEWER_AUTH }),
      follow('topics=sandbox', backend),
    ]);
    await post('events-7');
    const isIt = ({ data }: SentEvent): boolean => (data as SandboxJson).message.data?.['tag'] === 'events-7';
    const { data } = await whole.event(isIt);
    const [stored] = await gateway.sandboxMessages();
    expect(data).toEqual(stored);
    for (const source of [viewed, own]) {
      const event = await source.event(
        ({ data: row }) => (row as { id: string }).id === (data as { id: string }).id,
      );
      expect(JSON.stringify(event.data)).not.toContain('token-of-ann');
      expect(JSON.stringify(event.data)).not.toContain('events-7');
    }
  });

  it('shows a viewer no content of a dry run', async () => {
    const [viewed, whole] = await Promise.all([
      follow('topics=notifications', { authorization: VIEWER_AUTH }),
      follow('topics=notifications', operator),
    ]);
    const id = await post('events-9');
    await gateway.notification(id);
    await sql.query(`UPDATE delivery SET would_send = '{"body":"a secret"}' WHERE notification_id = $1`, [
      id,
    ]);
    await sql.query(`UPDATE notification SET status = 'delivered' WHERE id = $1`, [id]);
    const isIt = (one: SentEvent): boolean => rowOf(one).id === id && rowOf(one).status === 'delivered';
    expect(JSON.stringify(await whole.event(isIt))).toContain('a secret');
    expect(JSON.stringify(await viewed.event(isIt))).not.toContain('a secret');
  });

  it('goes on where an earlier stream ended', async () => {
    const first = await follow('topics=notifications,sandbox', operator);
    const before = await post('events-10');
    await first.event((one) => rowOf(one).id === before);
    first.close();
    await first.ended;
    const missed = await post('events-11');
    await gateway.notification(missed);
    const second = await follow('topics=notifications,sandbox', {
      ...operator,
      'last-event-id': first.lastId() ?? '',
    });
    await second.event((one) => rowOf(one).id === missed);
    await second.event(({ name, data }) => name === 'sandbox' && JSON.stringify(data).includes('events-11'));
    expect(second.events.map(({ name }) => name)).not.toContain('gap');
  });

  it.each([
    ['too long ago', String(Date.now() - 3_600_000)],
    ['of another program', 'abc'],
  ])('tells the client to load everything again from a place %s', async (_, place) => {
    const source = await follow('topics=notifications,sandbox', { ...operator, 'last-event-id': place });
    await until(() => source.events.length === 2);
    const gaps = source.events.map(({ name, data }) => `${name} ${(data as { topic: string }).topic}`);
    expect(gaps.toSorted()).toEqual(['gap notifications', 'gap sandbox']);
  });

  it.each([
    ['topics=weather', 400, 'REQUEST.INVALID_QUERY'],
    ['topics=', 400, 'REQUEST.INVALID_QUERY'],
    ['appId=unknown', 403, 'APP.UNKNOWN'],
  ])('refuses %s', async (query, statusCode, code) => {
    const answer = await gateway.request({ method: 'GET', url: `/v1/events?${query}`, headers: operator });
    expect(answer.json()).toMatchObject({ statusCode, code });
  });

  it('answers HEAD without a stream', async () => {
    const answer = await gateway.request({ method: 'HEAD', url: '/v1/events', headers: operator });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  });

  it('limits the streams of one caller', async () => {
    const open = await Promise.all(
      Array.from({ length: 101 }, () =>
        openEvents(`${gateway.url}/v1/events?topics=status`, { apikey: OTHER.apiKey }),
      ),
    );
    sources.push(...open);
    const refused = open.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([[429, '1']]);
    await follow('topics=notifications', backend);
  });
});

describe('a process with many streams', () => {
  it('refuses more than 500', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const apps = ids.map((appId) => ({ ...demo, appId, clients: { apiKeys: [`key-of-the-app-${appId}`] } }));
    const full = await startTestGateway({ config: { apps }, postgres, keepRedis: true });
    const open = async (appId: string): Promise<LightMyRequestResponse> =>
      full.request({
        ...{ method: 'GET', url: '/v1/events?topics=status', payloadAsStream: true },
        headers: { apikey: `key-of-the-app-${appId}` },
      });
    for (const appId of ids.slice(0, 5)) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => open(appId)));
      expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    }
    const refused = await open('f');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '10']);
    await full.close();
  });
});

describe('GET /v1/status', () => {
  const breaker = (appId: string, provider: string): Promise<unknown> =>
    sql.query(
      `INSERT INTO provider_state (app_id, channel, provider, state, until, failures, probe_at)
       VALUES ($1, 'push', $2, 'open', now() + interval '1 hour', 12, now() + interval '1 hour')`,
      [appId, provider],
    );

  it('tells what is wrong, as the stream does at once and when it changes', async () => {
    const read = async (headers: Record<string, string>): Promise<unknown> =>
      (await gateway.request({ method: 'GET', url: '/v1/status', headers })).json();
    const source = await openEvents(`${gateway.url}/v1/events?topics=status`, backend);
    sources.push(source);
    await source.event(({ data }) => JSON.stringify(data) === '{"problems":[]}');
    await breaker(OTHER.appId, 'default:fcm');
    await breaker(DEMO.appId, 'default:fcm');
    const { data } = await source.event((event) => JSON.stringify(event.data).includes('"breaker"'));
    expect(data).toEqual({
      problems: [
        {
          kind: 'breaker',
          severity: 'error',
          page: '/providers',
          text: 'The account app123/push/default:fcm keeps failing. Its messages wait until a single one gets through, or expire.',
        },
      ],
    });
    expect(await read(backend)).toEqual(data);
    expect((await read(operator)) as { problems: unknown[] }).toMatchObject({ problems: { length: 2 } });
    await sql.query('DELETE FROM provider_state');
    await source.event((event) => event === source.events.at(-1) && source.events.length > 2);
    expect(source.events.at(-1)?.data).toEqual({ problems: [] });
  });

  it('does not take a slow count of refusals for an outage', async () => {
    const other = await startTestGateway({ config: CONFIG, postgres, keepRedis: true });
    await sql.query('BEGIN');
    await sql.query('LOCK TABLE attempt IN ACCESS EXCLUSIVE MODE');
    const answer = await other.request({ method: 'GET', url: '/v1/status', headers: operator });
    await sql.query('ROLLBACK');
    expect(answer.json()).toEqual({ problems: [] });
    await other.close();
  });
});
