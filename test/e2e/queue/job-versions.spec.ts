import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isIdFor, newId } from '../../../src/platform/ids/new-id.js';
import type { QueueName } from '../../../src/queue/jobs.js';
import { DEMO, DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import { readIdempotency, dedupeFields } from '../../../src/notifications/idempotency.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { push } from '../../support/payloads.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { until } from '../../support/until.js';

interface JobFixture {
  readonly queue: QueueName;
  readonly name: string;
  readonly data: Record<string, unknown>;
}

const fixture = (name: string): JobFixture =>
  JSON.parse(readFileSync(`test/fixtures/jobs/v1/${name}.json`, 'utf8')) as JobFixture;

let postgres: TestPostgres;
let pool: pg.Pool;
let gateway: TestGateway;
const lines: string[] = [];
const logged = (msg: string, jobId: string): boolean =>
  lines.some((line) => line.includes(`"${msg}"`) && line.includes(jobId));
beforeAll(async () => {
  postgres = await startPostgres();
  pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
  pool.on('error', () => undefined);
  gateway = await startTestGateway({
    postgres,
    config: { ...DEMO_CONFIG, admin: { queueActions: true } },
    log: (line) => lines.push(line),
  });
  await gateway.backend('POST', '/v1/users/ann/devices', { platform: 'fcm_android', fcmToken: 'of-ann' });
});
afterAll(async () => {
  await gateway.close();
  await pool.end();
  await postgres.close();
});

const board = async (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  path: string,
  payload?: object,
): Promise<{ statusCode: number; status: string }> => {
  const headers = { authorization: OPERATOR_AUTH, 'content-type': 'application/json' };
  const url = `/admin/queues/api/queues/${path}`;
  const answer = await gateway.request({ method, url, headers, ...(payload ? { payload } : {}) });
  const status = answer.body === '' ? '' : answer.json<{ status?: string }>().status;
  return { statusCode: answer.statusCode, status: status ?? '' };
};
/** Adds a job as another release would. */
const add = async (
  { queue, name }: JobFixture,
  jobId: string,
  data: unknown,
  more: object = {},
): Promise<void> => {
  const options = { jobId, attempts: 5, backoff: { type: name }, removeOnComplete: true, ...more };
  await gateway.queue(queue).add(name, data, options);
};
const stateOf = async ({ queue }: JobFixture, jobId: string): Promise<string> =>
  (await gateway.queue(queue).getJobState(jobId)).replace('unknown', '');
const becomes = (job: JobFixture, jobId: string, state: string): Promise<true> =>
  until(
    async () => (await stateOf(job, jobId)) === state,
    () => stateOf(job, jobId),
  );
/** Waits for a log line about the job. */
const isLogged = (msg: string, jobId: string): Promise<true> =>
  until(
    () => logged(msg, jobId),
    () => lines.filter((line) => line.includes(jobId)),
  );

/** A sent delivery that is set back to queued. */
async function queuedAgain(): Promise<{ notificationId: string; deliveryId: string }> {
  const answer = await gateway.webhook('push', push({ tag: newId() }, 'ann'));
  const { notificationId } = answer.json<{ notificationId: string }>();
  const deliveryId = (await gateway.notification(notificationId)).deliveries[0]?.id ?? '';
  await pool.query(`UPDATE delivery SET status = 'queued', settled_at = NULL WHERE id = $1`, [deliveryId]);
  await pool.query(`UPDATE notification SET status = 'queued', settled_at = NULL WHERE id = $1`, [
    notificationId,
  ]);
  return { notificationId, deliveryId };
}

describe('a job of an earlier version', () => {
  it.each([
    ['notification.send', 'push', {}],
    ['notification.send', 'calls', { kind: 'call' }],
    ['notification.send', 'push', { colour: 'a field of a later version' }],
    ['notification.plan', 'plan', {}],
    ['notification.plan', 'plan-calls', { kind: 'call' }],
    ['notification.plan', 'plan', { colour: 'a field of a later version' }],
  ] as const)('%s on %s sends a notification, with %j', async (name, queue, more) => {
    const id = newId();
    const job = { ...fixture(name), queue };
    await add(job, id, { ...job.data, receivedAt: Date.now(), ...more });
    expect(await gateway.notification(id)).toMatchObject({ status: 'sent' });
    await becomes(job, id, '');
  });

  it.each([
    ['push', {}],
    ['calls', {}],
    ['push-calls', {}],
    ['push', { colour: 'a field of a later version' }],
  ] as const)('push.send on %s sends a push, with %j', async (queue, more) => {
    const { notificationId, deliveryId } = await queuedAgain();
    const job = { ...fixture('push.send'), queue };
    await add(job, deliveryId, { ...job.data, notificationId, expiresAt: Date.now() + 60_000, ...more });
    const { status, deliveries } = await gateway.notification(notificationId);
    expect(status).toBe('sent');
    expect(deliveries[0]?.attempts).toHaveLength(2);
  });

  it('enqueues the successor of a delivery that is already settled', async () => {
    const { notificationId, deliveryId } = await queuedAgain();
    const successor = newId();
    await pool.query(
      `INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, expires_at, options)
       SELECT $2, notification_id, provider, kind, device_id, address, status, expires_at,
              jsonb_build_object('insteadOf', id)
       FROM delivery WHERE id = $1`,
      [deliveryId, successor],
    );
    await pool.query(`UPDATE delivery SET status = 'failed', settled_at = now() WHERE id = $1`, [deliveryId]);
    const job = fixture('push.send');
    await add(job, deliveryId, { ...job.data, notificationId, expiresAt: Date.now() + 60_000 });
    const { deliveries } = await gateway.notification(notificationId);
    expect(deliveries.map(({ id, status }) => [id, status])).toEqual([
      [deliveryId, 'failed'],
      [successor, 'sent'],
    ]);
  });

  it('retires a device', async () => {
    const answer = await gateway.backend('POST', '/v1/users/bob/devices', {
      platform: 'fcm_android',
      fcmToken: 'of-bob',
    });
    const { id } = answer.json<{ id: string }>();
    const job = fixture('device.retire');
    await add(job, `retire-${id}`, { ...job.data, deviceId: id, at: Date.now() + 1_000 });
    await isLogged('device.retired', id);
    const { body } = await gateway.backend('GET', '/v1/users/bob/devices');
    expect(body).not.toContain(id);
  });

  it.each(['sms.send', 'sms.await-receipt'])('%s completes for an unknown SMS', async (name) => {
    const job = fixture(name);
    const id = newId();
    await add(job, id, job.data);
    await becomes(job, id, '');
    expect(logged('job.dead_lettered', id)).toBe(false);
  });
});

it.each(['notification.send', 'notification.plan', 'push.send', 'sms.send', 'device.retire'])(
  'a job %s of a later version is delayed until a worker supports it',
  async (name) => {
    const job = fixture(name);
    const id = newId();
    await add(job, id, { ...job.data, v: 3 });
    await becomes(job, id, 'delayed');
    await isLogged('job.too_new', id);
    expect(logged('job.dead_lettered', id)).toBe(false);
  },
);

describe('a request with an Idempotency-Key', () => {
  const BODY = { channel: 'push', to: { uid: 'ann' }, title: 'Once' };
  const send = (key: string, payload: object): ReturnType<TestGateway['request']> =>
    gateway.request({
      method: 'POST',
      url: '/v1/notifications',
      headers: { apikey: DEMO.apiKey, 'idempotency-key': key },
      payload,
    });
  /** The answers to the same request and to a different one with the same key. */
  const answersTo = async (key: string): Promise<unknown[]> => [
    (await send(key, BODY)).json(),
    (await send(key, { ...BODY, title: 'Twice' })).statusCode,
  ];
  const idempotencyOf = (key: string): NonNullable<ReturnType<typeof readIdempotency>> => {
    const found = readIdempotency(key, { appId: DEMO.appId, route: 'send' }, BODY);
    if (!found) throw new Error('There is no key.');
    return found;
  };

  it('is recognised by the notification id alone if the previous release accepted it', async () => {
    const { notificationId } = (await send('before', BODY)).json<{ notificationId: string }>();
    await gateway.notification(notificationId);
    await pool.query('UPDATE notification SET request_fingerprint = NULL WHERE id = $1', [notificationId]);
    expect(await answersTo('before')).toEqual([{ notificationId, duplicate: true }, 409]);
  });

  it('is one request, whatever channel a repeat names, and whichever release accepted it', async () => {
    const other = { channel: 'sms', to: { uid: 'ann' }, text: 'Once' };
    const { notificationId } = (await send('channels', BODY)).json<{ notificationId: string }>();
    expect((await send('channels', other)).statusCode).toBe(409);
    const { key: id, windowMs: ttl } = idempotencyOf('upgrade').dedupe;
    const job = fixture('notification.plan');
    const earlier = newId();
    const { requestFingerprint } = dedupeFields(idempotencyOf('upgrade'));
    const data = { ...job.data, receivedAt: Date.now(), requestFingerprint };
    await add(job, earlier, data, { deduplication: { id, ttl } });
    expect(await answersTo('upgrade')).toEqual([{ notificationId: earlier, duplicate: true }, 409]);
    await gateway.notifications([notificationId, earlier]);
  });

  it('gets an id that the previous release recognises, and a fingerprint for the next release', async () => {
    const { notificationId } = (await send('now', BODY)).json<{ notificationId: string }>();
    await gateway.notification(notificationId);
    const { fingerprint } = idempotencyOf('now');
    expect(isIdFor(notificationId, fingerprint)).toBe(true);
    const { rows } = await pool.query('SELECT request_fingerprint FROM notification WHERE id = $1', [
      notificationId,
    ]);
    expect(rows).toEqual([{ request_fingerprint: fingerprint.toString('base64url') }]);
  });

  it('is recognised by the stored fingerprint alone if the next release accepted it', async () => {
    const idempotency = idempotencyOf('next');
    const { requestFingerprint } = dedupeFields(idempotency);
    const { key: id, windowMs: ttl } = idempotency.dedupe;
    const job = fixture('notification.send');
    const notificationId = newId();
    const data = { ...job.data, receivedAt: Date.now(), requestFingerprint };
    await add(job, notificationId, data, { deduplication: { id, ttl } });
    expect(await answersTo('next')).toEqual([{ notificationId, duplicate: true }, 409]);
    await gateway.notification(notificationId);
    expect(await answersTo('next')).toEqual([{ notificationId, duplicate: true }, 409]);
  });
});

it('a queue of an earlier version is shown only while it holds jobs', async () => {
  const isShown = async (): Promise<boolean> => {
    const { body } = await gateway.request({ method: 'GET', url: '/metrics' });
    return body.includes('bellhop_queue_jobs{queue="plan-calls"');
  };
  const job = { ...fixture('notification.plan'), queue: 'plan-calls' } as const;
  const id = newId();
  await until(async () => !(await isShown()));
  expect((await board('GET', `plan-calls/${id}`)).statusCode).toBe(404);
  await add(job, id, { ...job.data, receivedAt: Date.now() }, { delay: 600_000 });
  expect(await isShown()).toBe(true);
  await until(async () => (await board('GET', `plan-calls/${id}`)).statusCode === 200);
  await (await gateway.queue('plan-calls').getJob(id))?.remove();
});

it.each(['notification.send', 'notification.plan'])(
  'a malformed %s is dead-lettered at once',
  async (name) => {
    const job = fixture(name);
    const [noVersion, noJson] = [newId(), newId()];
    const { v: _v, ...rest } = job.data;
    await add(job, noVersion, rest);
    await add(job, noJson, { ...job.data, receivedAt: Date.now(), content: '{"to":' });
    for (const id of [noVersion, noJson]) {
      await becomes(job, id, 'failed');
      await isLogged('job.dead_lettered', id);
    }
    const headers = { authorization: OPERATOR_AUTH };
    const answer = await gateway.request({ method: 'GET', url: `/v1/notifications/${noJson}`, headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ status: 'queued', reason: 'set_aside', deliveries: [] });
  },
);

it('the ledger shows that the job of a delivery is dead-lettered until it is sent', async () => {
  const { notificationId, deliveryId } = await queuedAgain();
  const job = fixture('push.send');
  const { provider: _provider, ...malformed } = job.data;
  await add(job, deliveryId, malformed);
  await gateway.notification(notificationId, ({ deliveries }) => deliveries[0]?.reason === 'set_aside');
  expect(await stateOf(job, deliveryId)).toBe('failed');

  // An operator corrects the payload and retries the job.
  const data = { ...job.data, notificationId, expiresAt: Date.now() + 60_000 };
  expect((await board('PATCH', `${job.queue}/${deliveryId}/update-data`, { jobData: data })).statusCode).toBe(
    200,
  );
  expect((await board('PUT', `${job.queue}/${deliveryId}/retry`)).statusCode).toBe(204);
  expect(await gateway.notification(notificationId)).toMatchObject({
    status: 'sent',
    deliveries: [{ status: 'sent', reason: null }],
  });
});
