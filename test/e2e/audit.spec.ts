import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { basic, startTestGateway, type StoryJson, type TestGateway } from '../support/gateway.js';
import { OPERATOR, OTTO_AUTH, USERS, VIEWER_AUTH } from '../support/operators.js';
import { push } from '../support/payloads.js';

const OTHER_KEY = 'another-backend-key';
const NUMBER = '+14155550123';

let gateway: TestGateway;
let database: pg.Client;
beforeAll(async () => {
  const [app] = DEMO_CONFIG.apps;
  const other = { ...app, appId: 'other', clients: { apiKeys: [OTHER_KEY] } };
  gateway = await startTestGateway({ config: { apps: [app, other], admin: { users: USERS } } });
  database = new pg.Client({ connectionString: gateway.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await gateway.close();
});

interface AuditJson {
  id: string;
  at: string;
  actor: string;
  actorKind: string;
  appId: string | null;
  fromAddress: string;
  action: string;
  uid: string | null;
  target: string | null;
  detail: object;
}
const operator = { authorization: OTTO_AUTH, 'content-type': 'application/json' };
const change = (
  method: 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
  headers: Record<string, string> = operator,
) => gateway.request({ method, url, headers, ...(payload ? { payload } : {}), remoteAddress: '203.0.113.9' });
const list = async (query = '', headers: Record<string, string> = { authorization: OTTO_AUTH }) => {
  const answer = await gateway.request({ method: 'GET', url: `/v1/audit${query}`, headers });
  return {
    ...answer.json<{ data: AuditJson[]; nextCursor: string | null; code?: string }>(),
    status: answer.statusCode,
  };
};
const newest = async (): Promise<Partial<AuditJson> | undefined> => {
  const [{ id: _id, at: _at, fromAddress: _from, ...entry } = {} as AuditJson] = (await list('?limit=1'))
    .data;
  return entry;
};
const by = { actor: OPERATOR.username, actorKind: 'operator', detail: {} };
const byBackend = { actor: 'API key 1', actorKind: 'backend', appId: DEMO.appId, detail: {} };

describe('the audit log', () => {
  it('records who did what to whom, from where and when', async () => {
    const before = Date.now();
    const release = `/v1/providers/${DEMO.appId}/push/default/release`;
    expect((await change('POST', release, {})).statusCode).toBe(200);
    const [entry] = (await list()).data;
    expect(entry).toEqual({
      ...by,
      id: expect.any(String),
      at: expect.any(String),
      appId: DEMO.appId,
      fromAddress: '203.0.113.9',
      action: 'provider.release',
      uid: null,
      target: 'push/default',
    });
    expect(new Date(entry?.at ?? 0).getTime()).toBeGreaterThanOrEqual(before);
  });

  it('records a resend by the operator with its app', async () => {
    const event = push();
    const { notificationId } = (await gateway.webhook('push', event)).json<{ notificationId: string }>();
    await gateway.notification(notificationId);
    const answer = await change('POST', `/v1/notifications/${notificationId}/resend`, {});
    expect(answer.statusCode).toBe(202);
    const action = 'notification.resend';
    expect(await newest()).toEqual({ ...by, appId: DEMO.appId, action, uid: null, target: notificationId });
    const { notificationId: copy } = answer.json<{ notificationId: string }>();
    const { timeline } = (await gateway.notification(copy)) as StoryJson;
    expect(timeline[0]?.text).toContain('by operator otto');
  });

  it('records a test to a user with the notification', async () => {
    const body = { appId: DEMO.appId, uid: 'Ann', kind: 'chat' };
    const { notificationId } = (await change('POST', '/v1/tests', body)).json<{ notificationId: string }>();
    const entry = { ...by, appId: DEMO.appId, action: 'test.send', uid: 'ann', target: notificationId };
    expect(await newest()).toEqual({ ...entry, detail: { kind: 'chat' } });
  });

  it('records opt-outs with a masked number', async () => {
    for (const [path, action] of [
      ['', 'opt_out.add'],
      ['/lift', 'opt_out.lift'],
    ]) {
      const body = { phno: NUMBER, reason: 'asked' };
      const answer = await change('POST', `/v1/opt-outs${path}?appId=other`, body);
      expect(answer.statusCode).toBe(200);
      const entry = { ...by, appId: 'other', action, uid: null, target: '+14…23' };
      expect(await newest()).toEqual({ ...entry, detail: { reason: 'asked' } });
    }
  });

  it('records the removal of devices and contacts by a backend', async () => {
    const backend = { apikey: DEMO.apiKey };
    const url = '/v1/users/Ann/devices';
    const body = { platform: 'fcm_android', fcmToken: 'token-of-ann' };
    const { id } = (await gateway.backend('POST', url, body)).json<{ id: string }>();
    await change('DELETE', `${url}/${id}`, undefined, backend);
    const one = { ...byBackend, action: 'device.unregister', uid: 'ann', target: id };
    expect(await newest()).toEqual(one);
    await gateway.backend('POST', url, body);
    await change('DELETE', `${url}?pushToken=token-of-ann`, undefined, backend);
    expect(await newest()).toEqual({ ...one, target: null });
    await gateway.backend('PUT', '/v1/users/ann/contact', { phno: NUMBER });
    await change('DELETE', '/v1/users/ann/contact', undefined, backend);
    expect(await newest()).toEqual({ ...one, action: 'contact.remove', target: null });
  });

  it('records actions of Bull Board and the emptied sandbox', async () => {
    expect((await change('PUT', '/admin/queues/api/queues/push/promote', {})).statusCode).toBe(200);
    expect(await newest()).toEqual({
      ...by,
      appId: null,
      action: 'queue.promote',
      uid: null,
      target: 'push',
    });
    expect((await change('PUT', '/admin/queues/api/queues/push/retry/failed', {})).statusCode).toBe(200);
    expect(await newest()).toMatchObject({ action: 'queue.retry', target: 'push/failed' });
    expect((await change('DELETE', '/sandbox/messages')).statusCode).toBe(200);
    expect(await newest()).toEqual({ ...by, appId: null, action: 'sandbox.empty', uid: null, target: null });
  });

  it('records neither reads nor refused or failed actions', async () => {
    const count = async (): Promise<number> => (await list('?limit=200')).data.length;
    const before = await count();
    const viewer = { authorization: VIEWER_AUTH, 'content-type': 'application/json' };
    const refused = [
      await change('DELETE', '/sandbox/messages', undefined, viewer),
      await change('POST', '/v1/opt-outs', { phno: 'x' }),
      await change('POST', '/v1/providers/app123/push/none/release', {}),
      await change('PUT', '/admin/queues/api/queues/push/pause', {}),
      await change('DELETE', '/sandbox/messages', undefined, { authorization: basic('otto', 'wrong') }),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 400, 404, 403, 401]);
    await gateway.request({ method: 'GET', url: '/v1/opt-outs', headers: operator });
    await change('POST', '/v1/opt-outs/find?appId=other', { phno: NUMBER });
    expect(await count()).toBe(before);
  });

  it.each([
    ['a route', 'DELETE', '/sandbox/messages', 'sandbox.empty'],
    ['Bull Board', 'PUT', '/admin/queues/api/queues/sms/promote', 'queue.promote'],
  ] as const)(
    'makes the answer an error if it cannot record an action of %s',
    async (_, method, url, action) => {
      await database.query(
        `ALTER TABLE operator_action ADD CONSTRAINT refused CHECK (action <> '${action}') NOT VALID`,
      );
      try {
        const answer = await change(method, url, method === 'PUT' ? {} : undefined);
        expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'AUDIT.NOT_STORED' }]);
      } finally {
        await database.query('ALTER TABLE operator_action DROP CONSTRAINT refused');
      }
      expect((await change(method, url, method === 'PUT' ? {} : undefined)).statusCode).toBe(200);
    },
  );
});

describe('GET /v1/audit', () => {
  it('lists newest first, page by page', async () => {
    const all = (await list('?limit=200')).data.map(({ id }) => id);
    expect(all.length).toBeGreaterThan(8);
    expect(all).toEqual(all.toSorted().toReversed());
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(`?limit=3${cursor && `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(3);
      paged.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
  });

  it('filters by actor, action, app and time', async () => {
    const all = (await list('?limit=200')).data;
    const ids = (entries: AuditJson[]): string[] => entries.map(({ id }) => id);
    for (const [query, matches] of [
      ['actor=otto', (one: AuditJson) => one.actor === 'otto'],
      ['action=opt_out.add', (one: AuditJson) => one.action === 'opt_out.add'],
      ['appId=other', (one: AuditJson) => one.appId === 'other'],
      ['appId=other&actor=otto&action=opt_out.lift', (one: AuditJson) => one.action === 'opt_out.lift'],
      ['from=2026-01-01', () => true],
      ['to=2026-01-01', () => false],
      [
        `from=${all[3]?.at}&to=${all[1]?.at}`,
        (one: AuditJson) => one.at >= (all[3]?.at ?? '') && one.at < (all[1]?.at ?? ''),
      ],
    ] as const)
      expect([query, ids((await list(`?limit=200&${query}`)).data)]).toEqual([
        query,
        ids(all.filter(matches)),
      ]);
  });

  it('shows a backend the actions that concern its app alone', async () => {
    const own = await list('?limit=200', { apikey: OTHER_KEY });
    expect(own.data.map(({ action }) => action)).toEqual(['opt_out.lift', 'opt_out.add']);
    expect(await list(`?appId=${DEMO.appId}`, { apikey: OTHER_KEY })).toMatchObject({
      status: 403,
      code: 'APP.UNKNOWN',
    });
    expect(await list('', { authorization: VIEWER_AUTH })).toMatchObject({ status: 200 });
    expect(await list('', {})).toMatchObject({ status: 401, code: 'AUTH.REQUIRED' });
  });

  it.each(['cursor=x', 'limit=0', 'limit=201', 'from=yesterday', 'to=2026-02-30', 'action=a&action=b'])(
    'refuses %s',
    async (query) => {
      expect(await list(`?${query}`)).toMatchObject({ status: 400, code: 'REQUEST.INVALID_QUERY' });
    },
  );

  it('refuses an app that is not configured', async () => {
    expect(await list('?appId=none')).toMatchObject({ status: 403, code: 'APP.UNKNOWN' });
  });
});
