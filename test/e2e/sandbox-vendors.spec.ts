import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { SandboxState } from '../../src/domain/sandbox-switch.js';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { registerPhone } from '../support/arrange.js';
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
import { REAL_SMS, SANDBOXES, switchSandbox } from '../support/sandbox.js';

const [demo] = DEMO_CONFIG.apps;
const real = {
  ...{ ...demo, appId: 'real-app', clients: { apiKeys: ['key-of-the-real-app'] } },
  ...{ push: { providers: [] }, sms: { ...demo?.sms, providers: [REAL_SMS] } },
};
const config = { apps: [demo, real], admin: { users: USERS } };
const NUMBER = '+14155550123';

let postgres: TestPostgres;
let gateway: TestGateway;
const start = (keepRedis = false) => startTestGateway({ postgres, keepRedis, config });
beforeAll(async () => {
  postgres = await startPostgres();
  gateway = await start();
  await registerPhone(gateway, 'ann');
});
afterEach(async () => {
  await switchTo(SANDBOXES.push, 'up');
  await switchTo(SANDBOXES.sms, 'up');
});
afterAll(async () => {
  await gateway.close();
  await postgres.close();
});

const headers = { authorization: OPERATOR_AUTH };
const switchTo = (vendor: string, state: SandboxState, more: object = {}) =>
  switchSandbox(gateway, vendor, state, more);
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
/** A result of a check is not repeated within 10 s. */
async function passMinute(): Promise<void> {
  const sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  await sql.query(`UPDATE provider_check SET checked_at = checked_at - interval '1 minute'`);
  await sql.end();
}
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
    const vendor = SANDBOXES[channel];
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

  it.each(['push', 'sms'] as const)('over quota lets %s wait', async (channel) => {
    await switchTo(SANDBOXES[channel], 'over_quota');
    const id = await send(channel);
    const waiting = await gateway.notification(id, has('over_quota'));
    expect(waiting).toMatchObject({ status: 'queued', settledAt: null });
    await switchTo(SANDBOXES[channel], 'up');
    expect(await gateway.notification(id)).toMatchObject({ status: 'sent' });
  });

  it.each(['push', 'sms'] as const)(
    'refusing ends %s without a retry, explains it, and keeps the address',
    async (channel) => {
      await switchTo(SANDBOXES[channel], 'refusing');
      const refused = (await gateway.notification(await send(channel))) as StoryJson;
      expect(refused).toMatchObject({
        status: 'failed',
        deliveries: [{ reason: 'message_refused', attempts: [{ vendorCode: 'switched_refusing' }] }],
        explanation: { cause: expect.stringContaining('switched to refusing') },
      });
      expect(outcomesOf(refused)).toEqual(['refused']);
      await switchTo(SANDBOXES[channel], 'up');
      expect(await gateway.notification(await send(channel))).toMatchObject({ status: 'sent' });
    },
  );

  it.each([
    ['push', 'sms'],
    ['sms', 'push'],
  ] as const)('slow answers %s after three seconds and does not delay %s', async (channel, other) => {
    await switchTo(SANDBOXES[channel], 'slow');
    const slow = await send(channel);
    expect(await gateway.notification(await send(other))).toMatchObject({ status: 'sent' });
    const [attempt] = (await gateway.notification(slow)).deliveries[0]?.attempts ?? [];
    expect(attempt).toMatchObject({ outcome: 'accepted' });
    expect(attempt?.durationMs).toBeGreaterThanOrEqual(2_990);
  });

  it('slow at a stop sends the message once', async () => {
    await switchTo(SANDBOXES.push, 'slow');
    const id = await send();
    await gateway.notification(id, has('unknown'));
    await gateway.close();
    gateway = await start(true);
    const arrived = await gateway.notification(id);
    expect(outcomesOf(arrived)).toEqual(['accepted']);
    const messages = (await gateway.sandboxMessages()).filter(
      ({ message }) => message.data?.['tag'] === `v${tags}`,
    );
    expect(messages).toHaveLength(1);
  });

  it('down makes the check of the account fail', async () => {
    const check = async (vendor: string) => {
      const url = `/v1/providers/${DEMO.appId}/${vendor}/check`;
      const answer = await gateway.request({ method: 'POST', url, headers, payload: {} });
      return answer.json<{ accounts: { check: object }[] }>().accounts[0]?.check;
    };
    await switchTo(SANDBOXES.push, 'down');
    expect(await check(SANDBOXES.push)).toMatchObject({
      ...{ outcome: 'failed', code: 'switched_down', text: expect.stringContaining('switched to down') },
      fix: expect.stringContaining('Switch it to up'),
    });
    expect(await check(SANDBOXES.sms)).toMatchObject({ outcome: 'ok', code: null });
    await switchTo(SANDBOXES.push, 'up');
    await passMinute();
    expect(await check(SANDBOXES.push)).toMatchObject({ outcome: 'ok', failures: 0 });
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
  ])('is refused for %s', async (_name, vendor, state, statusCode, code) => {
    expect((await switchTo(vendor, state as SandboxState)).json()).toMatchObject({ statusCode, code });
  });

  it('is refused for a real vendor', async () => {
    const url = '/sandbox/vendors/real-app/sms/real';
    expect((await switchTo('sms/real', 'down', { url })).json()).toMatchObject({
      ...{ statusCode: 409, code: 'SANDBOX.REAL_VENDOR' },
    });
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
