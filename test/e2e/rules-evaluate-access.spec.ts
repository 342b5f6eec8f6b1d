import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import type { EvaluationDto } from '../../src/rehearsal/rules/evaluate.dto.js';
import { postSettled, registerPhone } from '../support/arrange.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { OTTO_AUTH, USERS, VIEWER_AUTH } from '../support/operators.js';
import { push } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

const [demo] = DEMO_CONFIG.apps;
const OTHER_KEY = 'another-backend-key';
const reader = { name: 'reader', key: 'read-only-key-123', scopes: ['read'] };
const apps = [
  { ...demo, clients: { apiKeys: [reader, DEMO.apiKey] } },
  { ...demo, appId: 'other', clients: { apiKeys: [OTHER_KEY] } },
];

let postgres: TestPostgres;
let gateway: TestGateway;
beforeAll(async () => {
  postgres = await startPostgres();
  gateway = await startTestGateway({ postgres, config: { apps, admin: { users: USERS } } });
});
afterAll(async () => {
  await gateway.close();
  await postgres.close();
});

const ask = (body: object, headers: Record<string, string> = { apikey: DEMO.apiKey }) =>
  gateway.request({
    ...{ method: 'POST', url: '/v1/rules/evaluate', payload: body },
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('a request to evaluate', () => {
  it.each([
    ['nothing', {}, ''],
    ['data and a notification', { data: {}, notificationId: crypto.randomUUID() }, 'data'],
    ['no channel', { data: { to: { uid: 'a' } } }, 'channel'],
    [
      'a wrong recipient',
      { channel: 'push', data: { to: { uid: 'a b' }, notificationDetails: { type: 'chat' } } },
      'data.to.uid',
    ],
    [
      'a call without a session',
      {
        channel: 'push',
        data: { to: { uid: 'a' }, notificationDetails: { type: 'call', callAction: 'initiated' } },
      },
      'data.notificationDetails.sessionId',
    ],
    [
      'messages of the wrong type',
      { channel: 'sms', data: { to: { uid: 'a' }, messages: 'x' } },
      'data.messages',
    ],
    [
      'a key that cannot be read',
      { channel: 'sms', data: { to: { uid: 'a' }, senderDetails: { constructor: 'x' } } },
      '',
    ],
    ['a malformed id', { notificationId: 'x' }, 'notificationId'],
  ])('with %s is refused', async (_name, body, path) => {
    const answer = await ask({ appId: DEMO.appId, ...body });
    expect(answer.json()).toMatchObject({ statusCode: 400, code: 'REQUEST.INVALID_BODY' });
    expect(answer.json<{ errors: { path: string }[] }>().errors.map((error) => error.path)).toContain(path);
  });

  it('names the app if there are several, and no other’s', async () => {
    const body = { channel: 'push', data: push().data };
    expect((await ask(body, { authorization: OPERATOR_AUTH })).json()).toMatchObject({
      code: 'APP.REQUIRED',
    });
    expect((await ask(body)).statusCode).toBe(200);
    expect((await ask({ ...body, appId: 'other' })).json()).toMatchObject({ code: 'APP.UNKNOWN' });
  });
});

describe('the evaluation of a stored notification', () => {
  const SECRET = 'Meet me at the harbour';
  let id: string;
  beforeAll(async () => {
    await registerPhone(gateway, 'stored');
    ({ id } = await postSettled(gateway, 'push', push({ body: SECRET, tag: 'stored-1' }, 'stored')));
  });

  it.each([
    ['an operator', { authorization: OTTO_AUTH }],
    ['a viewer', { authorization: VIEWER_AUTH }],
    ['a backend', { apikey: DEMO.apiKey }],
  ])('has no strings for %s without admin.showContent', async (_name, headers) => {
    const answer = await ask({ notificationId: id.toUpperCase() }, headers);
    expect(answer.json()).toMatchObject({
      outcome: 'sends',
      isShown: false,
      before: { notificationDetails: { body: `(${SECRET.length} characters)` } },
      messages: [{ transport: 'fcm', limitBytes: 4_096 }],
    });
    expect(answer.body).not.toContain('harbour');
    expect(answer.json<EvaluationDto>().messages[0]?.bytes).toBeGreaterThan(100);
  });

  it('is not found by another app', async () => {
    const missing = { statusCode: 404, code: 'NOTIFICATION.NOT_FOUND' };
    expect((await ask({ notificationId: id }, { apikey: OTHER_KEY })).json()).toMatchObject(missing);
    const other = { notificationId: id, appId: 'other' };
    expect((await ask(other, { authorization: OTTO_AUTH })).json()).toMatchObject(missing);
    expect((await ask({ notificationId: crypto.randomUUID() })).json()).toMatchObject(missing);
    expect((await ask({ notificationId: id, channel: 'sms' })).json()).toMatchObject({
      code: 'REQUEST.INVALID_BODY',
      errors: [{ path: 'channel' }],
    });
  });

  it('is shown with admin.showContent, except to viewers and reading keys, and then audited', async () => {
    await gateway.close();
    gateway = await startTestGateway({
      postgres,
      config: { apps, admin: { users: USERS, showContent: true } },
    });
    for (const headers of [{ authorization: VIEWER_AUTH }, { apikey: 'read-only-key-123' }]) {
      const answer = await ask({ notificationId: id }, headers);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toContain('harbour');
    }
    const answer = await ask({ notificationId: id }, { authorization: OTTO_AUTH });
    expect(answer.json()).toMatchObject({
      isShown: true,
      before: { notificationDetails: { body: SECRET } },
      messages: [{ payload: { data: { body: SECRET } } }],
    });
    const headers = { authorization: OTTO_AUTH };
    const audit = await gateway.request({ method: 'GET', url: '/v1/audit?limit=1', headers });
    expect(audit.json<{ data: object[] }>().data).toMatchObject([
      { actor: 'otto', action: 'notification.reveal', appId: DEMO.appId, uid: 'stored', target: id },
    ]);
  });
});
