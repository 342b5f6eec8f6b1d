import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import type { ReplayDetailsDto, ReplayPreviewDto } from '../../../src/notifications/replays/replay.dto.js';
import { insertFailed, type FailedNotificationRow } from '../../support/failed-notifications.js';
import {
  OPERATOR_AUTH,
  startTestGateway,
  type NotificationJson,
  type SandboxJson,
  type TestGateway,
} from '../../support/gateway.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { until } from '../../support/until.js';

interface ErrorJson {
  code: string;
  errors: { path: string }[];
}

const OTHER_KEY = 'backend-key-of-another-app';
const KEY = { apikey: DEMO.apiKey };
const OPERATOR = { authorization: OPERATOR_AUTH };
const EVER = '2020-01-01';
let postgres: TestPostgres;
let sql: pg.Pool;
let gateway: TestGateway;
const start = async (keepRedis: boolean): Promise<void> => {
  const [app] = DEMO_CONFIG.apps;
  const sms = { ...app?.sms, policy: 'ifNotSeen' };
  const other = { ...app, appId: 'other', clients: { apiKeys: [OTHER_KEY] } };
  gateway = await startTestGateway({ postgres, keepRedis, config: { apps: [{ ...app, sms }, other] } });
};
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 2 });
  await start(false);
});
afterAll(async () => {
  await gateway.close();
  await sql.end();
  await postgres.close();
});

const call = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, headers: object = KEY) =>
  gateway.request({ method, url, headers: { ...headers }, ...(payload ? { payload } : {}) });
/** Creates a replay of a user's notifications. */
const replay = async (uid: string, perSecond: number, filter: object = {}): Promise<string> => {
  const answer = await call('POST', '/v1/replays', { filter: { from: EVER, uid, ...filter }, perSecond });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.anything()]);
  return answer.json<{ id: string }>().id;
};
const dryRun = async (filter: object): Promise<ReplayPreviewDto> => {
  const answer = await call('POST', '/v1/replays', { filter: { from: EVER, ...filter }, dryRun: true });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
  return answer.json<ReplayPreviewDto>();
};
const find = async (id: string): Promise<ReplayDetailsDto> =>
  (await call('GET', `/v1/replays/${id}`)).json<ReplayDetailsDto>();
const change = async (id: string, state: string): Promise<unknown> => {
  const answer = await call('PATCH', `/v1/replays/${id}`, { state });
  return answer.statusCode === 200
    ? answer.json<ReplayDetailsDto>().state
    : [answer.statusCode, answer.json<ErrorJson>().code];
};
const becomes = (id: string, holds: (replay: ReplayDetailsDto) => boolean): Promise<ReplayDetailsDto> =>
  until(
    async () => {
      const found = await find(id);
      return holds(found) && found;
    },
    () => find(id),
  );
/** Done, and every notification that it sent is settled. */
const settled = (id: string): Promise<ReplayDetailsDto> =>
  becomes(id, ({ state, results }) => state === 'done' && !results.some(({ status }) => status === 'queued'));

async function register(uid: string, token: string = `token-of-${uid}`): Promise<string> {
  const body = { platform: 'fcm_android', fcmToken: token, sessionId: token };
  return (await gateway.backend('POST', `/v1/users/${uid}/devices`, body)).json<{ id: string }>().id;
}
const chats = (uid: string, deviceId: string, count: number): FailedNotificationRow[] =>
  Array.from({ length: count }, (_, i) => ({ uid, tag: `${uid}-${i}`, deliveries: [{ deviceId }] }));
/** The tokens, tags and times of the pushes to a user, oldest first. */
async function pushesTo(uid: string): Promise<{ to: string; tag: string | undefined; at: string }[]> {
  const messages = (await gateway.sandboxMessages()).filter((message) => message.uid === uid);
  return messages
    .map(({ to, at, message }: SandboxJson) => ({ to, at, tag: message.data?.['tag'] }))
    .reverse();
}
const tagsTo = async (uid: string): Promise<string[]> =>
  (await pushesTo(uid)).map(({ tag }) => tag ?? '').sort();
const recordsOf = async (uid: string): Promise<NotificationJson[]> =>
  (await gateway.backend('GET', `/v1/notifications?uid=${uid}&limit=200`)).json<{
    data: NotificationJson[];
  }>().data;
const codeOf = (answer: Awaited<ReturnType<typeof call>>): unknown[] => [
  answer.statusCode,
  answer.json<ErrorJson>().code,
];

describe('a dry run', () => {
  it('counts what a replay would send and what it leaves out, and sends nothing', async () => {
    const uid = 'ann';
    const [phone, tablet] = [await register(uid), await register(uid, 'tablet-of-ann')];
    await gateway.backend('POST', '/v1/opt-outs', { phno: '+14155550177' });
    await gateway.backend('POST', `/v1/users/${uid}/receipts`, { tag: 'seen' });
    const text = { to: { uid, phno: '+14155550123' }, smsContent: 'Hello' };
    const sms = { uid, channel: 'sms', kind: 'sms', content: text };
    const to = (phno: string, more: object = {}) => ({ provider: 'sandbox', kind: 'sms', phno, ...more });
    const ids = await insertFailed(sql, [
      {
        uid,
        tag: 'both',
        deliveries: [{ deviceId: phone }, { deviceId: tablet, reason: 'provider_over_quota' }],
      },
      {
        uid,
        tag: 'one',
        status: 'sent',
        deliveries: [{ deviceId: phone, status: 'sent', reason: null }, { deviceId: tablet }],
      },
      { uid, tag: 'resent', deliveries: [{ deviceId: phone }] },
      { uid, tag: 'seen', deliveries: [{ deviceId: phone }] },
      { uid, tag: 'old', deliveries: [{ deviceId: phone, leftMs: -1_000 }] },
      { uid, tag: 'gone', deliveries: [{ deviceId: '018bcfe5-6800-7000-8000-000000000004' }] },
      { uid, tag: 'ring', kind: 'call', deliveries: [{ deviceId: phone }] },
      { uid, tag: 'refused', deliveries: [{ deviceId: phone, reason: 'token_invalid' }] },
      { uid, tag: 'fine', status: 'sent', deliveries: [{ deviceId: phone, status: 'sent', reason: null }] },
      {
        uid,
        tag: 'copy',
        status: 'sent',
        deliveries: [{ deviceId: phone, status: 'sent', reason: null }, to('+14155550123')],
      },
      { uid, source: 'test', deliveries: [{ deviceId: phone }] },
      { ...sms, deliveries: [to('+14155550123', { segments: 2, costMicros: 15_800 })] },
      { ...sms, deliveries: [to('+14155550123', { segments: 1, costMicros: 7_900, provider: 'backup' })] },
      { ...sms, deliveries: [to('+14155550123')] },
      { ...sms, deliveries: [to('+14155550177', { segments: 1 })] },
      {
        ...sms,
        status: 'sent',
        deliveries: [to('+14155550123'), to('+14155550123', { status: 'sent', reason: null })],
      },
      { uid: 'someone-else', deliveries: [{ deviceId: phone }] },
      { uid, appId: 'other', deliveries: [{ deviceId: phone }] },
    ]);
    const resent = await call('POST', `/v1/notifications/${ids[2]}/resend`);
    await gateway.notification(resent.json<{ notificationId: string }>().notificationId);
    const before = await tagsTo(uid);
    const preview = await dryRun({ uid });
    const expected = {
      dryRun: true,
      notifications: 5,
      deliveries: 6,
      sms: { messages: 3, segments: 3, unknown: 1, cost: [{ amount: '0.0237', currency: 'EUR' }] },
      scannedTo: null,
    };
    expect(preview).toMatchObject(expected);
    expect(
      Object.fromEntries(preview.byReason.map(({ reason, deliveries }) => [reason, deliveries])),
    ).toEqual({
      provider_unavailable: 5,
      provider_over_quota: 1,
    });
    expect(Object.fromEntries(preview.leftOut.map(({ why, notifications }) => [why, notifications]))).toEqual(
      {
        ...{ call: 1, past_lifetime: 1, opted_out: 1, seen_since: 1, device_gone: 1, already_resent: 1 },
        ...{ not_repeatable: 1, sms_copy: 1, reached_otherwise: 1 },
      },
    );
    const counts = async (filter: object) => (await dryRun({ uid, ...filter })).notifications;
    expect(await counts({ channel: 'sms' })).toBe(3);
    expect(await counts({ providers: ['backup'] })).toBe(1);
    expect(await counts({ reasons: ['provider_over_quota'] })).toBe(1);
    expect(await counts({ reasons: ['token_invalid'] })).toBe(1);
    expect(await counts({ status: ['expired'] })).toBe(0);
    expect(await counts({ to: new Date(Date.now() - 3_600_000).toISOString() })).toBe(0);
    expect((await dryRun({})).notifications).toBe(5);
    expect(await tagsTo(uid)).toEqual(before);
    expect((await sql.query('SELECT FROM replay_item')).rowCount).toBe(0);
  });
});

describe('a replay', () => {
  it('sends each notification once, to the devices that it did not reach', async () => {
    const uid = 'bob';
    const [phone, tablet] = [await register(uid), await register(uid, 'tablet-of-bob')];
    const [first] = await insertFailed(sql, [
      { uid, tag: 'b0', deliveries: [{ deviceId: phone }, { deviceId: tablet }] },
      {
        uid,
        tag: 'b1',
        status: 'sent',
        deliveries: [{ deviceId: phone, status: 'sent', reason: null }, { deviceId: tablet }],
      },
      { uid, tag: 'b2', deliveries: [{ deviceId: phone, leftMs: 60_000 }] },
      { uid, tag: 'b3', deliveries: [{ deviceId: phone, leftMs: -1 }] },
    ]);
    const original = await gateway.notification(first ?? '');
    const replayed = await settled(await replay(uid, 50));
    expect(replayed).toMatchObject({
      ...{ state: 'done', perSecond: 50, sent: 3, createdBy: 'API key 1' },
      leftOut: [{ why: 'past_lifetime', notifications: 1 }],
      results: [{ status: 'sent', notifications: 3 }],
      filter: { appId: DEMO.appId, uid, status: ['failed', 'expired'], providers: null, channel: null },
    });
    // A notification counts as sent once one of its devices has it.
    const copies = async () => (await recordsOf(uid)).filter(({ source }) => source === 'replay');
    await until(async () => (await copies()).every(({ settledAt }) => settledAt !== null));
    expect((await pushesTo(uid)).map(({ to, tag }) => `${tag} ${to}`).sort()).toEqual([
      'b0 tablet-of-bob',
      'b0 token-of-bob',
      'b1 tablet-of-bob',
      'b2 token-of-bob',
    ]);
    const copy = (await recordsOf(uid)).find(({ originId }) => originId === first);
    const repeats = [{ id: copy?.id, receivedAt: copy?.receivedAt, source: 'replay', status: 'sent' }];
    expect(await gateway.notification(first ?? '')).toEqual({ ...original, repeats });
    expect(copy).toMatchObject({ source: 'replay', status: 'sent', kind: 'chat', channel: 'push' });

    const again = await settled(await replay(uid, 50));
    expect(again).toMatchObject({ sent: 0, results: [] });
    expect(again.leftOut).toContainEqual({ why: 'already_replayed', notifications: 3 });
  });

  it('repeats a notification of an earlier replay only if its copy failed', async () => {
    const uid = 'cyd';
    const deviceId = await register(uid, 'invalid-token-of-cyd');
    await insertFailed(sql, chats(uid, deviceId, 2));
    const to = new Date().toISOString();
    expect((await settled(await replay(uid, 50, { to }))).results).toEqual([
      { status: 'failed', notifications: 2 },
    ]);
    expect(await settled(await replay(uid, 50, { to }))).toMatchObject({ sent: 2, leftOut: [] });
    expect(await settled(await replay(uid, 50))).toMatchObject({ sent: 2, leftOut: [] });
    expect((await recordsOf(uid)).filter(({ source }) => source === 'replay')).toHaveLength(6);
  });

  it('lists what it has sent, newest first', async () => {
    const [uid, other] = ['una', 'vic'];
    for (const one of [uid, other]) await insertFailed(sql, chats(one, await register(one), 3));
    const id = await replay(uid, 50);
    await settled(id);
    await settled(await replay(other, 50));
    const list = async (query: string, headers: object = KEY): Promise<NotificationJson[]> =>
      (await call('GET', `/v1/notifications?replayId=${id}${query}`, undefined, headers)).json<{
        data: NotificationJson[];
      }>().data;
    const sent = await list('');
    expect(sent).toHaveLength(3);
    expect(sent).toEqual((await recordsOf(uid)).filter(({ source }) => source === 'replay'));
    expect(await list('&limit=1')).toEqual(sent.slice(0, 1));
    expect(await list('&status=failed')).toEqual([]);
    expect(await list(`&uid=${other}`)).toEqual([]);
    expect(await list('', OPERATOR)).toHaveLength(3);
    expect(await list('', { apikey: OTHER_KEY })).toEqual([]);
    expect(codeOf(await call('GET', '/v1/notifications?replayId=none'))).toEqual([
      400,
      'REQUEST.INVALID_QUERY',
    ]);
  });

  it('sends what two replays find at the same time once', async () => {
    const uid = 'dan';
    await insertFailed(sql, chats(uid, await register(uid), 60));
    const both = await Promise.all([replay(uid, 30), replay(uid, 30), replay(uid, 30)]);
    const sent = await Promise.all(both.map(async (id) => (await settled(id)).sent));
    expect(sent.reduce((sum, one) => sum + one, 0)).toBe(60);
    const tags = await tagsTo(uid);
    expect([tags.length, new Set(tags).size]).toEqual([60, 60]);
  });

  it('sends SMS again, with their current checks', async () => {
    const uid = 'eve';
    const content = { to: { uid, phno: '+14155550123' }, smsContent: 'Once more' };
    const delivery = { provider: 'sandbox', kind: 'sms', phno: '+14155550123' };
    await insertFailed(sql, [{ uid, channel: 'sms', kind: 'sms', content, deliveries: [delivery] }]);
    expect(await settled(await replay(uid, 1))).toMatchObject({ sent: 1, results: [{ status: 'sent' }] });
    const messages = (await gateway.sandboxMessages()).filter((message) => message.uid === uid);
    expect(messages).toMatchObject([{ to: '+14155550123', message: { text: 'Once more' } }]);
  });

  it('keeps its rate, pauses, resumes and is cancelled', async () => {
    const uid = 'fay';
    await insertFailed(sql, chats(uid, await register(uid), 40));
    const id = await replay(uid, 4);
    const { sent } = await becomes(id, (one) => one.sent >= 4);
    expect(await change(id, 'paused')).toBe('paused');
    expect(await change(id, 'paused')).toBe('paused');
    // To prove that it pauses, another replay sends as many after it as would take it to its end.
    await insertFailed(sql, chats('fay-2', await register('fay-2'), 8));
    const other = await settled(await replay('fay-2', 4));
    const paused = await find(id);
    expect(paused).toMatchObject({ state: 'paused', endedAt: null });
    expect(paused.sent).toBeLessThanOrEqual(sent + 4);
    expect(other.sent).toBe(8);
    expect(await change(id, 'running')).toBe('running');
    await becomes(id, (one) => one.sent >= paused.sent + 4);
    expect(await change(id, 'cancelled')).toBe('cancelled');
    expect(await change(id, 'cancelled')).toBe('cancelled');
    expect(await change(id, 'running')).toEqual([409, 'REPLAY.ENDED']);
    const cancelled = await becomes(id, ({ results }) => !results.some(({ status }) => status === 'queued'));
    expect(cancelled.endedAt).not.toBeNull();
    expect(cancelled.sent).toBeLessThan(40);

    // The database allows one step per second.
    const at = (await pushesTo('fay-2')).map((one) => Date.parse(one.at));
    expect(at).toHaveLength(8);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(500);
    // A cancelled replay's notifications are sent by the next one.
    expect(await settled(await replay(uid, 100))).toMatchObject({ state: 'done' });
    const tags = await tagsTo(uid);
    expect([tags.length, new Set(tags).size]).toEqual([40, 40]);
  });

  it('goes on after a restart', async () => {
    const uid = 'gus';
    await insertFailed(sql, chats(uid, await register(uid), 30));
    const id = await replay(uid, 10);
    await becomes(id, ({ sent }) => sent >= 10);
    await gateway.close();
    await start(true);
    expect((await settled(id)).sent).toBe(30);
    const tags = await tagsTo(uid);
    expect([tags.length, new Set(tags).size]).toEqual([30, 30]);
  });

  it('goes on if its job is lost', async () => {
    const uid = 'hal';
    await insertFailed(sql, chats(uid, await register(uid), 3));
    const id = await replay(uid, 1, { to: new Date(Date.now() + 60_000).toISOString() });
    expect(await change(id, 'paused')).toBe('paused');
    await sql.query(
      `UPDATE replay SET state = 'running', run = 7, next_at = now() - interval '2 minutes' WHERE id = $1`,
      [id],
    );
    expect((await settled(id)).sent).toBe(3);
    expect(await tagsTo(uid)).toEqual(['hal-0', 'hal-1', 'hal-2']);
  });

  it('is listed newest first, by page', async () => {
    interface Page {
      data: ReplayDetailsDto[];
      nextCursor: string | null;
    }
    const page = async (query: string, headers: object = KEY): Promise<Page> =>
      (await call('GET', `/v1/replays?${query}`, undefined, headers)).json<Page>();
    const ids = [await replay('nobody', 1), await replay('nobody', 1)].reverse();
    const first = await page('limit=1');
    expect(first.data).toMatchObject([{ id: ids[0], filter: { uid: 'nobody' } }]);
    const second = await page(`limit=1&cursor=${first.nextCursor}`);
    expect(second.data).toMatchObject([{ id: ids[1] }]);
    expect((await page('', { apikey: OTHER_KEY })).data).toEqual([]);
    expect((await page('appId=other', OPERATOR)).data).toEqual([]);
    expect((await page('limit=2', OPERATOR)).data.map(({ id }) => id)).toEqual(ids);
  });
});

describe('replays', () => {
  it.each<[string, object, string]>([
    ['no filter', {}, 'filter'],
    ['no beginning', { filter: {} }, 'filter.from'],
    ['an invalid beginning', { filter: { from: 'yesterday' } }, 'filter.from'],
    ['a future beginning', { filter: { from: '2999-01-01' } }, 'filter.from'],
    ['an end before its beginning', { filter: { from: '2026-01-02', to: '2026-01-01' } }, 'filter.from'],
    ['an unknown reason', { filter: { from: EVER, reasons: ['bad_luck'] } }, 'filter.reasons'],
    ['no reasons', { filter: { from: EVER, reasons: [] } }, 'filter.reasons'],
    ['a status that is no failure', { filter: { from: EVER, status: ['sent'] } }, 'filter.status'],
    ['providers that are no list', { filter: { from: EVER, providers: 'fcm' } }, 'filter.providers'],
    ['an unknown channel', { filter: { from: EVER, channel: 'mail' } }, 'filter.channel'],
    ['an invalid uid', { filter: { from: EVER, uid: 'a b' } }, 'filter.uid'],
    ['no rate', { filter: { from: EVER }, perSecond: 0 }, 'perSecond'],
    ['an excessive rate', { filter: { from: EVER }, perSecond: 1_001 }, 'perSecond'],
    ['dryRun that is no boolean', { filter: { from: EVER }, dryRun: 'yes' }, 'dryRun'],
  ])('refuse a body with %s', async (_, body, path) => {
    const answer = await call('POST', '/v1/replays', body);
    expect(codeOf(answer)).toEqual([400, 'REQUEST.INVALID_BODY']);
    expect(new Set(answer.json<ErrorJson>().errors.map((fault) => fault.path))).toEqual(new Set([path]));
  });

  it('refuse invalid states, cursors and ids', async () => {
    const id = await replay('nobody', 1);
    for (const state of ['done', 'stopped', 7])
      expect(codeOf(await call('PATCH', `/v1/replays/${id}`, { state }))).toEqual([
        400,
        'REQUEST.INVALID_BODY',
      ]);
    expect(codeOf(await call('GET', '/v1/replays?cursor=x'))).toEqual([400, 'REQUEST.INVALID_QUERY']);
    expect(codeOf(await call('GET', '/v1/replays?limit=0'))).toEqual([400, 'REQUEST.INVALID_QUERY']);
    for (const unknown of ['x', '018bcfe5-6800-7000-8000-000000000004']) {
      expect(codeOf(await call('GET', `/v1/replays/${unknown}`))).toEqual([404, 'REPLAY.NOT_FOUND']);
      expect(codeOf(await call('PATCH', `/v1/replays/${unknown}`, { state: 'paused' }))).toEqual([
        404,
        'REPLAY.NOT_FOUND',
      ]);
    }
  });

  it('belong to the caller’s app', async () => {
    const id = await replay('nobody', 1);
    const other = { apikey: OTHER_KEY };
    const body = { filter: { from: EVER, appId: DEMO.appId }, dryRun: true };
    expect(codeOf(await call('GET', `/v1/replays/${id}`, undefined, other))).toEqual([
      404,
      'REPLAY.NOT_FOUND',
    ]);
    expect(codeOf(await call('PATCH', `/v1/replays/${id}`, { state: 'paused' }, other))).toEqual([
      404,
      'REPLAY.NOT_FOUND',
    ]);
    expect(codeOf(await call('POST', '/v1/replays', body, other))).toEqual([403, 'APP.UNKNOWN']);
    expect(codeOf(await call('GET', `/v1/replays?appId=${DEMO.appId}`, undefined, other))).toEqual([
      403,
      'APP.UNKNOWN',
    ]);
    const nameless = { filter: { from: EVER }, dryRun: true };
    expect(codeOf(await call('POST', '/v1/replays', nameless, OPERATOR))).toEqual([400, 'APP.REQUIRED']);
    expect((await call('POST', '/v1/replays', body, OPERATOR)).statusCode).toBe(200);
    expect((await call('GET', `/v1/replays/${id}`, undefined, OPERATOR)).statusCode).toBe(200);
    for (const method of ['GET', 'POST'] as const)
      expect(codeOf(await call(method, '/v1/replays', undefined, {}))).toEqual([401, 'AUTH.REQUIRED']);
  });
});
