import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import {
  OPERATOR_AUTH,
  startTestGateway,
  type NotificationJson,
  type StoryJson,
  type TestGateway,
} from '../support/gateway.js';
import { USERS, VIEWER_AUTH } from '../support/operators.js';
import { push, sms } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

const [demo] = DEMO_CONFIG.apps;
const TWILIO = {
  id: 'real',
  type: 'twilio',
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'a-token',
  from: '+15005550006',
};
const config = {
  apps: [{ ...demo, sms: { ...demo?.sms, providers: [...(demo?.sms.providers ?? []), TWILIO] } }],
  admin: { users: USERS },
};
const NUMBER = '+14155550123';

let postgres: TestPostgres;
let gateway: TestGateway;
const start = (keepRedis = false) => startTestGateway({ postgres, keepRedis, config });
beforeAll(async () => {
  postgres = await startPostgres();
  gateway = await start();
  await gateway.backend('POST', '/v1/users/ann/devices', {
    platform: 'fcm_android',
    fcmToken: 'phone-of-ann',
  });
});
afterEach(async () => {
  await switchTo('push/default', 'up');
  await switchTo('sms/sandbox', 'up');
});
afterAll(async () => {
  await gateway.close();
  await postgres.close();
});

const headers = { authorization: OPERATOR_AUTH };
const switchTo = (vendor: string, state: string, more: object = {}) =>
  gateway.request({
    method: 'PUT',
    url: `/sandbox/vendors/${DEMO.appId}/${vendor}`,
    headers,
    payload: { state },
    ...more,
  });
const vendors = async (): Promise<object[]> =>
  (await gateway.request({ method: 'GET', url: '/sandbox/vendors', headers })).json<{ data: object[] }>()
    .data;
let tags = 0;
const send = async (channel: 'push' | 'sms' = 'push'): Promise<string> => {
  tags += 1;
  const event = channel === 'push' ? push({ tag: `v${tags}` }, 'ann') : sms(NUMBER, 'ann');
  if (channel === 'sms') Object.assign(event.data, { smsContent: `Message ${tags}` });
  return (await gateway.webhook(channel, event)).json<{ notificationId: string }>().notificationId;
};
const outcomesOf = ({ deliveries }: NotificationJson): string[] =>
  deliveries.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));
const has = (outcome: string) => (record: NotificationJson) => outcomesOf(record).includes(outcome);

describe('the switch of a sandbox provider', () => {
  it('is up at first, and listed for sandboxes only', async () => {
    const { appId } = DEMO;
    expect(await vendors()).toEqual([
      { appId, channel: 'push', provider: 'default', state: 'up' },
      { appId, channel: 'sms', provider: 'sandbox', state: 'up' },
    ]);
    expect((await switchTo('sms/sandbox', 'slow')).json()).toEqual({
      ...{ appId, channel: 'sms', provider: 'sandbox', state: 'slow' },
    });
    expect(await vendors()).toContainEqual({ appId, channel: 'sms', provider: 'sandbox', state: 'slow' });
  });

  it.each(['push', 'sms'] as const)('down lets %s wait until it is up again', async (channel) => {
    const vendor = channel === 'push' ? 'push/default' : 'sms/sandbox';
    expect((await switchTo(vendor, 'down')).statusCode).toBe(200);
    const id = await send(channel);
    const waiting = await gateway.notification(id, has('unavailable'));
    expect(waiting).toMatchObject({ status: 'queued', settledAt: null });
    expect(waiting.deliveries[0]?.attempts[0]).toMatchObject({ vendorCode: 'switched_down' });
    await switchTo(vendor, 'up');
    const arrived = await gateway.notification(id);
    expect(arrived).toMatchObject({ status: 'sent' });
    expect(outcomesOf(arrived).at(-1)).toBe('accepted');
  });

  it('over quota lets a push wait', async () => {
    await switchTo('push/default', 'over_quota');
    const id = await send();
    await gateway.notification(id, has('over_quota'));
    await switchTo('push/default', 'up');
    expect(await gateway.notification(id)).toMatchObject({ status: 'sent' });
  });

  it('refusing ends a push without a retry, explains it, and keeps the device', async () => {
    await switchTo('push/default', 'refusing');
    const id = await send();
    const refused = (await gateway.notification(id)) as StoryJson;
    expect(refused).toMatchObject({
      status: 'failed',
      deliveries: [{ reason: 'message_refused', attempts: [{ vendorCode: 'switched_refusing' }] }],
      explanation: { cause: expect.stringContaining('switched to refusing') },
    });
    expect(outcomesOf(refused)).toEqual(['refused']);
    await switchTo('push/default', 'up');
    expect(await gateway.notification(await send())).toMatchObject({ status: 'sent' });
  });

  it('slow answers after three seconds and holds nothing else up', async () => {
    await switchTo('push/default', 'slow');
    const slow = await send();
    expect(await gateway.notification(await send('sms'))).toMatchObject({ status: 'sent' });
    const [attempt] = (await gateway.notification(slow)).deliveries[0]?.attempts ?? [];
    expect(attempt).toMatchObject({ outcome: 'accepted' });
    expect(attempt?.durationMs).toBeGreaterThanOrEqual(2_990);
  });

  it('reaches another process and outlives a restart', async () => {
    await switchTo('push/default', 'refusing');
    await gateway.close();
    gateway = await start(true);
    expect(await vendors()).toContainEqual(
      expect.objectContaining({ provider: 'default', state: 'refusing' }),
    );
    expect(await gateway.notification(await send())).toMatchObject({ status: 'failed' });
  });

  it.each([
    ['an unknown state', 'push/default', 'broken', 400, 'REQUEST.INVALID_BODY'],
    ['an unknown provider', 'push/nobody', 'down', 404, 'PROVIDER.NOT_FOUND'],
    ['an unknown channel', 'email/default', 'down', 404, 'PROVIDER.NOT_FOUND'],
    ['a real vendor', 'sms/real', 'down', 409, 'SANDBOX.REAL_VENDOR'],
  ])('is refused for %s', async (_name, vendor, state, statusCode, code) => {
    expect((await switchTo(vendor, state)).json()).toMatchObject({ statusCode, code });
  });

  it('is the operator’s, and a viewer may look', async () => {
    const viewer = { headers: { authorization: VIEWER_AUTH } };
    expect((await switchTo('push/default', 'down', viewer)).json()).toMatchObject({ code: 'AUTH.READ_ONLY' });
    expect((await switchTo('push/default', 'down', { headers: {} })).statusCode).toBe(401);
    expect((await gateway.request({ method: 'GET', url: '/sandbox/vendors', ...viewer })).statusCode).toBe(
      200,
    );
  });
});
