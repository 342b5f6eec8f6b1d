import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import type { PlanPreviewDto } from '../../src/users/plan-preview.dto.js';
import type { UserDto } from '../../src/users/user.dto.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

const [demo] = DEMO_CONFIG.apps;
const OTHER_KEY = 'another-backend-key';
const apps = [
  {
    ...demo,
    rules: [
      { name: 'by sms', when: 'uid == "wants-sms"', then: { copyToSms: true } },
      { name: 'muted', when: 'uid == "muted"', then: { drop: true } },
      { name: 'later', when: 'uid == "later"', then: { delaySeconds: 60 } },
    ],
    push: { ...demo?.push, storm: { ceiling: 1, windowSeconds: 60, collapseSeconds: 1 } },
  },
  { ...demo, appId: 'other', clients: { apiKeys: [OTHER_KEY] }, push: { providers: [] } },
];

let postgres: TestPostgres;
let sql: pg.Pool;
let gateway: TestGateway;
const lines: string[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 2 });
  // The server may close before the pool's last idle connection does.
  sql.on('error', () => undefined);
  gateway = await startTestGateway({ postgres, config: { apps }, log: (line) => lines.push(line) });
});
afterAll(async () => {
  await gateway.close();
  await sql.end();
  await postgres.close();
});

const TOKEN = 'dK3fQx81-APA91bHPRgkFLJu60Ot9aQ';
let tokens = 0;
const token = (): string => `${TOKEN}${(tokens += 1)}`;
const register = async (uid: string, more: object = {}): Promise<string> => {
  const body = { platform: 'fcm_android', fcmToken: token(), ...more };
  const answer = await gateway.backend('POST', `/v1/users/${uid}/devices`, body);
  expect(answer.statusCode).toBe(201);
  return answer.json<{ id: string }>().id;
};
const show = async (uid: string): Promise<UserDto> =>
  (await gateway.backend('GET', `/v1/users/${uid}`)).json<UserDto>();
const planOf = async (uid: string, kind: string): Promise<PlanPreviewDto> =>
  (await gateway.backend('GET', `/v1/users/${uid}/plan?kind=${kind}`)).json<PlanPreviewDto>();
const care = (uid: string, id: string, what: 'retire' | 'restore', body: object = { reason: 'lost' }) =>
  gateway.backend('POST', `/v1/users/${uid}/devices/${id}/${what}`, body);
const send = async (channel: 'push' | 'sms', event: object) => {
  const { notificationId } = (await gateway.webhook(channel, event)).json<{ notificationId: string }>();
  return gateway.notification(notificationId);
};

describe('GET /v1/users/{uid}', () => {
  it('gathers devices, contact, opt-outs and the last notifications, with masked addresses', async () => {
    const phno = '+14155550133';
    const reached = await register('ann', { locale: 'en-IN', appVersion: '1.2' });
    const refused = await register('ann', { fcmToken: `invalid-${token()}` });
    const dead = await register('ann', { fcmToken: `unregistered-${token()}` });
    await gateway.backend('PUT', '/v1/users/ann/contact', { phno, name: 'Ann' });
    await gateway.backend('POST', '/v1/opt-outs', { phno });
    const chat = await send('push', push({ tag: 'ann-1' }, 'ann'));
    const text = await send('sms', sms(phno, 'ann'));
    await gateway.backend('POST', `/v1/users/ann/devices/${dead}/retire`, { reason: 'The phone was lost.' });

    const answer = await gateway.backend('GET', '/v1/users/ANN');
    expect(answer.statusCode).toBe(200);
    for (const secret of [TOKEN, phno, phno.slice(1)]) expect(answer.body).not.toContain(secret);
    const user = answer.json<UserDto>();
    expect(user).toMatchObject({ appId: DEMO.appId, uid: 'ann', contact: { name: 'Ann' } });
    expect(user.devices.map(({ id }) => id).toSorted()).toEqual([reached, refused].toSorted());
    const sentAt = chat.deliveries.find(({ deviceId }) => deviceId === reached)?.attempts[0]?.startedAt;
    expect(user.devices.find(({ id }) => id === reached)).toMatchObject({
      ...{ locale: 'en-IN', appVersion: '1.2', lastAcceptedAt: sentAt, lastRefused: null },
      pushToken: expect.stringMatching(/^dK3f…/),
    });
    expect(user.devices.find(({ id }) => id === refused)).toMatchObject({
      lastAcceptedAt: null,
      lastRefused: { notificationId: chat.id, reason: expect.any(String), at: expect.any(String) },
    });
    expect(user.retiredDevices).toEqual([
      expect.objectContaining({ id: dead, restorable: true, retiredAt: expect.any(String) }),
    ]);
    expect(user.optOuts).toEqual([expect.objectContaining({ optedOut: true, source: 'backend' })]);
    expect(user.notifications.map(({ id }) => id)).toEqual([text.id, chat.id]);
  });

  it('tells who retired a device: the vendor or a caller', async () => {
    await register('bob', { fcmToken: `unregistered-${token()}` });
    await send('push', push({ tag: 'bob-1' }, 'bob'));
    await until(async () => (await show('bob')).retiredDevices.length === 1);
    const byHand = await register('bob');
    await care('bob', byHand, 'retire', { reason: 'The phone was lost.' });
    const { retiredDevices } = await show('bob');
    expect(retiredDevices[0]).toMatchObject({ id: byHand, reason: 'The phone was lost.', by: 'API key 1' });
    const list = await gateway.backend('GET', '/v1/users/bob/devices?retired=true');
    expect(list.json<{ data: object[] }>().data[0]).toMatchObject({ id: byHand, retiredBy: 'API key 1' });
  });

  it('of an unknown user has empty lists', async () => {
    expect(await show('nobody')).toEqual({
      ...{ appId: DEMO.appId, uid: 'nobody', devices: [], retiredDevices: [], contact: null, optOuts: [] },
      notifications: [],
    });
  });

  it('refuses a uid that is longer than any part of a path may be', async () => {
    const answer = await gateway.backend('GET', `/v1/users/${'x'.repeat(10_000)}`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'REQUEST.MALFORMED']);
  });

  it('refuses an invalid uid', async () => {
    const answer = await gateway.backend('GET', `/v1/users/${'x'.repeat(101)}`);
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'REQUEST.MALFORMED',
        errors: [expect.objectContaining({ path: 'uid' })],
      }),
    ]);
  });
});

describe('GET /v1/users/{uid}/plan', () => {
  it('plans a chat message and a call for the right devices', async () => {
    const alert = await register('carl', {
      ...{ platform: 'apns_ios_device', fcmToken: undefined, deviceToken: 'ab'.repeat(32) },
      sessionId: 's1',
    });
    const voip = await register('carl', {
      ...{ platform: 'apns_ios_voip', fcmToken: undefined, voipToken: 'cd'.repeat(32) },
      sessionId: 's1',
    });
    const chat = await planOf('carl', 'chat');
    expect(chat).toEqual({
      ...{ appId: DEMO.appId, uid: 'carl', kind: 'chat', unreached: [], rules: [] },
      ...{ skippedReason: null, notBefore: null, postponed: null },
      deliveries: [
        { kind: 'sandbox', provider: 'default', deviceId: alert, address: 'abab…bab', reason: null },
      ],
      leftOut: [{ deviceId: voip, kind: 'apns-voip', why: 'voip_rings_only' }],
    });
    const call = await planOf('carl', 'call');
    expect(call.deliveries.map(({ deviceId }) => deviceId)).toEqual([voip]);
    expect(call.leftOut).toEqual([{ deviceId: alert, kind: 'apns', why: 'rings_by_voip' }]);
  });

  it('plans an SMS, and says why there is none', async () => {
    expect(await planOf('dora', 'sms')).toMatchObject({ deliveries: [], skippedReason: 'no_phone_number' });
    await gateway.backend('PUT', '/v1/users/dora/contact', { phno: '+14155550134' });
    expect(await planOf('dora', 'sms')).toMatchObject({
      deliveries: [{ kind: 'sms', provider: 'sandbox', deviceId: null, address: '+14…34', reason: null }],
      skippedReason: null,
    });
    await gateway.backend('POST', '/v1/opt-outs', { phno: '+14155550134' });
    expect(await planOf('dora', 'sms')).toMatchObject({
      deliveries: [{ reason: 'opted_out' }],
      skippedReason: 'opted_out',
    });
    expect(await planOf('dora', 'chat')).toMatchObject({
      unreached: [{ kind: null, reason: 'no_device' }],
      skippedReason: 'no_device',
    });
  });

  it('applies the rules', async () => {
    for (const uid of ['muted', 'later', 'wants-sms']) await register(uid);
    expect(await planOf('muted', 'chat')).toMatchObject({
      rules: ['muted'],
      skippedReason: 'filtered_by_rule',
    });
    expect(await planOf('later', 'chat')).toMatchObject({ rules: ['later'], notBefore: expect.any(String) });
    await gateway.backend('PUT', '/v1/users/wants-sms/contact', { phno: '+14155550135' });
    const { deliveries } = await planOf('wants-sms', 'chat');
    expect(deliveries.map(({ kind }) => kind)).toEqual(['sandbox', 'sms']);
  });

  it('records nothing, however often it is asked', async () => {
    await register('eve');
    const rows = async (): Promise<unknown> => {
      const tables = [
        'notification',
        'conversation_storm',
        'texted_message',
        'ended_call',
        'sandbox_message',
      ];
      const counts = tables.map((table) => sql.query(`SELECT count(*) FROM ${table}`));
      return (await Promise.all(counts)).map((answer) => answer.rows as unknown);
    };
    const before = await rows();
    for (let i = 0; i < 5; i += 1) {
      expect((await planOf('eve', 'chat')).deliveries).toHaveLength(1);
      await planOf('wants-sms', 'chat');
      await planOf('eve', 'call');
    }
    expect(await rows()).toEqual(before);
  });

  it('refuses other kinds', async () => {
    const answer = await gateway.backend('GET', '/v1/users/eve/plan?kind=letter');
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'REQUEST.INVALID_QUERY',
        errors: [expect.objectContaining({ path: 'kind' })],
      }),
    ]);
  });
});

describe('a device', () => {
  it('is retired and restored, each any number of times', async () => {
    const id = await register('fred');
    expect((await care('fred', id, 'retire')).json()).toMatchObject({ id, retiredReason: 'lost' });
    expect((await care('fred', id, 'retire', { reason: 'again' })).json()).toMatchObject({
      retiredReason: 'lost',
    });
    expect(await send('push', push({ tag: 'fred-1' }, 'fred'))).toMatchObject({
      deliveries: [{ status: 'skipped', reason: 'no_device' }],
    });
    expect((await care('fred', id, 'restore')).statusCode).toBe(200);
    expect((await care('fred', id, 'restore')).json()).toMatchObject({ id, uid: 'fred' });
    expect(await send('push', push({ tag: 'fred-2' }, 'fred'))).toMatchObject({ status: 'sent' });
  });

  it('is not restored once another user has registered its token', async () => {
    const fcmToken = token();
    const id = await register('gina', { fcmToken });
    await care('gina', id, 'retire');
    await register('hugo', { fcmToken });
    const answer = await care('gina', id, 'restore');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'DEVICE.NOT_FOUND']);
    expect((await show('hugo')).devices).toHaveLength(1);
  });

  it('is not restored beyond the number of devices that a user may have', async () => {
    const id = await register('ida');
    await care('ida', id, 'retire');
    for (let i = 0; i < 100; i += 1) await register('ida');
    expect((await show('ida')).retiredDevices).toMatchObject([{ id, restorable: false }]);
    const answer = await care('ida', id, 'restore');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([409, 'DEVICE.NOT_RESTORABLE']);
  });

  it.each(['retire', 'restore'] as const)('of another user, or unknown, is not found: %s', async (what) => {
    const id = await register('jane');
    for (const [uid, device] of [
      ['kim', id],
      ['jane', 'no-uuid'],
      ['jane', '00000000-0000-7000-8000-000000000000'],
    ] as const) {
      const answer = await care(uid, device, what);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'DEVICE.NOT_FOUND']);
    }
  });

  it.each([
    {},
    { reason: '' },
    { reason: '  ' },
    { reason: 'a\nb' },
    { reason: 'x'.repeat(201) },
    { reason: 1 },
  ])('needs a reason: %j', async (body) => {
    const answer = await care('jane', '00000000-0000-7000-8000-000000000000', 'retire', body);
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'USER.INVALID_BODY',
        errors: [{ path: 'reason', problem: 'must be 1 to 200 characters without control characters' }],
      }),
    ]);
  });
});

describe('the operator', () => {
  const asOperator = async (method: 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
    gateway.request({
      ...{ method, url: `/v1/users/${path}?appId=${DEMO.appId}` },
      headers: { authorization: OPERATOR_AUTH, 'content-type': 'application/json' },
      ...(payload && { payload }),
    });
  const lastAction = async (): Promise<object | undefined> => {
    const headers = { authorization: OPERATOR_AUTH };
    const answer = await gateway.request({ method: 'GET', url: '/v1/audit?limit=1', headers });
    return answer.json<{ data: object[] }>().data[0];
  };

  it('sets and removes the number of a user, on record without the number', async () => {
    const phno = '+14155550137';
    expect((await asOperator('PUT', 'mona/contact', { phno, name: 'Mona' })).statusCode).toBe(200);
    expect(await show('mona')).toMatchObject({ contact: { phno: '+14…37', name: 'Mona' } });
    const set = await lastAction();
    expect(set).toMatchObject({ action: 'contact.set', actorKind: 'operator', uid: 'mona', target: null });
    expect(JSON.stringify(set)).not.toContain('4155550137');
    await gateway.backend('PUT', '/v1/users/mona/contact', { phno, name: 'Mona' });
    expect(await lastAction()).toEqual(set);
    expect((await asOperator('DELETE', 'mona/contact')).json()).toEqual({ deleted: 1 });
    expect(await lastAction()).toMatchObject({ action: 'contact.remove', uid: 'mona' });
    expect(await show('mona')).toMatchObject({ contact: null });
  });

  it('lifts an opt-out by its masked number, with a reason on record', async () => {
    const phno = '+14155550138';
    await gateway.backend('PUT', '/v1/users/nora/contact', { phno });
    await gateway.backend('POST', '/v1/opt-outs', { phno });
    const reason = 'Asked by phone.';
    const lift = { phno: '+14…38', reason };
    expect((await asOperator('POST', 'nora/opt-outs/lift', lift)).json()).toEqual({ changed: true });
    expect(await lastAction()).toMatchObject({
      ...{ action: 'opt_out.lift', appId: DEMO.appId, uid: 'nora', target: '+14…38', detail: { reason } },
    });
    expect(await show('nora')).toMatchObject({ optOuts: [{ optedOut: false, source: 'operator' }] });
    expect((await asOperator('POST', 'nora/opt-outs/lift', lift)).json()).toEqual({ changed: false });
  });

  it.each([
    [{ phno: '+14…99', reason: 'asked' }, 404, 'OPT_OUT.NOT_FOUND'],
    [{ phno: '+14…39' }, 400, 'OPT_OUT.INVALID_BODY'],
    [{ phno: '+14…39', reason: 'asked' }, 400, 'OPT_OUT.INVALID_BODY'],
    [{ phno: '+14155550139', reason: 'asked' }, 200, undefined],
  ])('lifts only an opt-out of one number of the user, with a reason: %j', async (body, status, code) => {
    await gateway.backend('PUT', '/v1/users/olaf/contact', { phno: '+14155550139' });
    await send('sms', sms('+14155551139', 'olaf'));
    const answer = await asOperator('POST', 'olaf/opt-outs/lift', body);
    expect([answer.statusCode, answer.json<{ code?: string }>().code]).toEqual([status, code]);
  });
});

describe('GET /v1/users/{uid}/export', () => {
  it('gives everything in full, as one JSON document', async () => {
    const fcmToken = token();
    await register('lars', { fcmToken });
    await gateway.backend('PUT', '/v1/users/lars/contact', { phno: '+14155550136', name: 'Lars' });
    const [chat, text] = [
      await send('push', push({ tag: 'lars-1', body: 'Hello, Lars: "\u0000"' }, 'lars')),
      await send('sms', sms('+14155550136', 'lars')),
    ];
    const answer = await gateway.backend('GET', '/v1/users/lars/export');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="user.json"',
      'cache-control': 'no-store',
    });
    expect(answer.json()).toMatchObject({
      ...{ appId: DEMO.appId, uid: 'lars', exportedAt: expect.any(String), optOuts: [] },
      devices: [{ token: fcmToken, transport: 'fcm' }],
      contact: { phno: '+14155550136', name: 'Lars' },
      waitingJobs: [],
      notifications: [
        {
          id: text.id,
          deliveries: [{ address: { phno: '+14155550136' }, history: [{ outcome: 'accepted' }] }],
        },
        {
          id: chat.id,
          content: { notificationDetails: { body: 'Hello, Lars: "\u0000"' } },
          deliveries: [{ address: { token: fcmToken } }],
        },
      ],
    });
  });

  it('pages through the ledger, and includes jobs that wait', async () => {
    await sql.query(
      `INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at)
       SELECT ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, $1, 'push', 'chat', 'many', 'sent',
              '{"to":{"uid":"many"}}', now() FROM generate_series(1, 600) i`,
      [DEMO.appId],
    );
    await register('later');
    const { notificationId } = (await gateway.webhook('push', push({ tag: 'later-1' }, 'later'))).json<{
      notificationId: string;
    }>();
    const planned = await gateway.notification(notificationId, ({ deliveries }) => deliveries.length > 0);
    const exported = async (uid: string) =>
      (await gateway.backend('GET', `/v1/users/${uid}/export`)).json<{
        notifications: { id: string }[];
        waitingJobs: object[];
      }>();
    const { notifications } = await exported('many');
    expect(new Set(notifications.map(({ id }) => id)).size).toBe(600);
    const { waitingJobs } = await exported('later');
    expect(waitingJobs).toHaveLength(planned.deliveries.length);
    expect(waitingJobs).toContainEqual(expect.objectContaining({ uid: 'later', notificationId }));
    expect((await gateway.backend('DELETE', '/v1/users/many')).statusCode).toBe(204);
    expect((await exported('many')).notifications).toEqual([]);
  });
});

describe('the caller', () => {
  const ROUTES: [method: 'GET' | 'POST' | 'DELETE', path: string][] = [
    ['GET', ''],
    ['GET', '/plan?kind=chat'],
    ['GET', '/export'],
    ['POST', '/devices/00000000-0000-7000-8000-000000000000/retire'],
    ['POST', '/devices/00000000-0000-7000-8000-000000000000/restore'],
    ['DELETE', ''],
  ];
  const call = (
    method: (typeof ROUTES)[number][0],
    uid: string,
    path: string,
    headers: object,
    appId = '',
  ) => {
    const query = appId === '' ? '' : `${path.includes('?') ? '&' : '?'}appId=${appId}`;
    return gateway.request({
      ...{ method, url: `/v1/users/${uid}${path}${query}`, headers: { ...headers } },
      ...(method === 'POST' ? { payload: { reason: 'lost' } } : {}),
    });
  };

  it.each(ROUTES)('needs credentials: %s /v1/users/{uid}%s', async (method, path) => {
    for (const headers of [{}, { apikey: 'wrong-key-123' }])
      expect((await call(method, 'mona', path, headers)).statusCode).toBe(401);
  });

  it.each(ROUTES)('sees the users of its own app only: %s /v1/users/{uid}%s', async (method, path) => {
    await gateway.backend('PUT', '/v1/users/mona/contact', { phno: '+14155550138' });
    const foreign = await call(method, 'mona', path, { apikey: OTHER_KEY }, DEMO.appId);
    expect([foreign.statusCode, foreign.json<{ code: string }>().code]).toEqual([403, 'APP.UNKNOWN']);
    const own = await call(method, 'mona', path, { apikey: OTHER_KEY });
    expect(own.body).not.toContain('0138');
    expect((await show('mona')).contact).not.toBeNull();
  });

  it.each(ROUTES)('names the app if it is the operator: %s /v1/users/{uid}%s', async (method, path) => {
    const headers = { authorization: OPERATOR_AUTH };
    const unnamed = await call(method, 'nora', path, headers);
    expect([unnamed.statusCode, unnamed.json<{ code: string }>().code]).toEqual([400, 'APP.REQUIRED']);
    const named = await call(method, 'nora', path, headers, DEMO.appId);
    expect(named.statusCode).toBe(method === 'POST' ? 404 : method === 'DELETE' ? 204 : 200);
  });

  it('and the app are in the log, and never the user', () => {
    const own = lines.filter((line) =>
      /"(user\.(erased|exported)|device\.(retired_by_hand|restored))"/.test(line),
    );
    expect(own.length).toBeGreaterThan(10);
    for (const line of own) expect(line).toMatch(/"by":"(API key 1|admin)"/);
    expect(own.join('')).not.toMatch(/nora|many|lars|fred|lost/);
  });
});
