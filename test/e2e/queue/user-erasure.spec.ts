import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { encodeRecord } from '../../../src/queue/spool/segment-format.js';
import { encodeEvent } from '../../../src/queue/spool/spooled-event.js';
import { placesOf, type Stores } from '../../support/every-byte.js';
import { startFcmServer, type FcmServer } from '../../support/fcm-server.js';
import { OPERATOR_AUTH, redisOfWorker, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { push, sms } from '../../support/payloads.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { temporaryDirectory } from '../../support/process.js';
import { until } from '../../support/until.js';

const [demo] = DEMO_CONFIG.apps;
/** Far longer than an erasure waits for running jobs, also on a slow machine. */
const HANGING_MS = 30_000;
const appWith = (fcm: FcmServer): object => ({
  ...demo,
  rules: [{ name: 'later', when: 'details.title == "Later"', then: { delaySeconds: 900 } }],
  push: {
    providers: [
      ...(demo?.push.providers ?? []),
      {
        ...{ id: 'hanging', type: 'fcm', endpoint: fcm.url, ca: fcm.ca, tokenEndpoint: fcm.tokenUrl },
        ...{ serviceAccount: fcm.serviceAccount, requestTimeoutMs: HANGING_MS },
      },
    ],
    storm: { ceiling: 2, windowSeconds: 60, collapseSeconds: 1 },
  },
  sms: { ...demo?.sms, policy: 'ifNotSeen', guard: { perPersonPerDay: { texts: 100 } } },
});

let postgres: TestPostgres;
let fcm: FcmServer;
let gateway: TestGateway;
let stores: Stores;
let spool: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  [postgres, spool, fcm] = await Promise.all([startPostgres(), temporaryDirectory(), startFcmServer()]);
  gateway = await startTestGateway({
    postgres,
    config: { apps: [appWith(fcm)], admin: { queueActions: true } },
    settings: { spoolDir: spool.path },
  });
  const redisUrl = redisOfWorker();
  const sql = new pg.Pool({ connectionString: postgres.url, max: 2 });
  // The server may close before the pool's last idle connection does.
  sql.on('error', () => undefined);
  stores = {
    sql,
    redis: redisUrl === undefined ? undefined : new Redis(redisUrl),
    spoolDir: spool.path,
  };
});
afterAll(async () => {
  await gateway.close();
  await fcm.close();
  await stores.sql.end();
  await stores.redis?.quit();
  await postgres.close();
  await spool.remove();
});

let users = 0;
/** A user who is known nowhere yet. */
const someone = (): { uid: string; phno: string; token: string; needles: string[] } => {
  users += 1;
  const [uid, digits, token] = [`erin-${users}-uid`, `415555${3000 + users}`, `dK3f-token-of-erin-${users}`];
  return { uid, phno: `+1${digits}`, token, needles: [uid, digits, token] };
};
const accepted = (answer: LightMyRequestResponse): string => {
  expect(answer.statusCode).toBe(200);
  return answer.json<{ notificationId: string }>().notificationId;
};
const chatTo = async (uid: string, details: object = {}): Promise<string> =>
  accepted(
    await gateway.webhook('push', push({ tag: newId(), conversationId: `bob_user_${uid}`, ...details }, uid)),
  );
const register = (uid: string, token: string) =>
  gateway.backend('POST', `/v1/users/${uid}/devices`, { platform: 'fcm_android', fcmToken: token });
/** A user with a device, who gets everything. */
async function registered(): Promise<string> {
  const { uid, token } = someone();
  await register(uid, token);
  return uid;
}
const erase = (uid: string) => gateway.backend('DELETE', `/v1/users/${uid}`);

/** Adds a job to a queue as another release would. */
async function addJob(queue: string, jobId: string, data: object): Promise<void> {
  const answer = await gateway.request({
    method: 'POST',
    url: `/admin/queues/api/queues/${queue}/add`,
    headers: { authorization: OPERATOR_AUTH, 'content-type': 'application/json' },
    payload: { name: 'notification.send', data, options: { jobId, attempts: 5, removeOnComplete: true } },
  });
  expect(answer.statusCode).toBe(200);
}
const planJob = (uid: string, receivedAt: number) => ({
  ...{ v: 1, appId: DEMO.appId, channel: 'push', kind: 'chat', uid, receivedAt },
  content: JSON.stringify(push({ tag: newId(), conversationId: `bob_user_${uid}` }, uid).data),
});
const isDeadLettered = async (queue: string, jobId: string): Promise<boolean> => {
  const url = `/admin/queues/api/queues/${queue}/${jobId}`;
  const answer = await gateway.request({ method: 'GET', url, headers: { authorization: OPERATOR_AUTH } });
  return answer.json<{ status: string }>().status === 'failed';
};
/** Receives an SMS from a number. */
const say = (phno: string, text: string) =>
  gateway.request({
    method: 'POST',
    url: `/callbacks/${DEMO.appId}/sms/sandbox/inbound?secret=${DEMO.callbackSecret}`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ from: phno, text, id: newId() }),
  });

describe('erasing a user', () => {
  it('leaves no byte of their uid, token or number in any table, queue or spool', async () => {
    const { uid, phno, token, needles } = someone();
    const other = someone();
    await gateway.backend('PUT', `/v1/users/${uid}/contact`, { phno, name: 'Erin' });
    const text = accepted(await gateway.webhook('sms', sms(phno, uid)));
    expect(await gateway.notification(text)).toMatchObject({ status: 'sent' });
    await register(uid, token);
    await register(uid, `${token}-second`);
    await register(other.uid, other.token);
    const [{ id: retired } = { id: '' }] = (await gateway.backend('GET', `/v1/users/${uid}/devices`)).json<{
      data: { id: string }[];
    }>().data;
    await gateway.backend('POST', `/v1/users/${uid}/devices/${retired}/retire`, { reason: 'lost' });
    await gateway.notifications([await chatTo(uid), await chatTo(uid), await chatTo(other.uid)]);
    await gateway.backend('POST', `/v1/users/${uid}/receipts`, { tag: newId() });
    // Waits for a read receipt, for its time, and for the end of a burst.
    accepted(await gateway.webhook('sms', sms(phno, uid, 'sms-group')));
    const later = await chatTo(uid, { title: 'Later', conversationId: `carl_user_${uid}` });
    await gateway.notification(later, ({ deliveries }) => deliveries.length > 0);
    for (let i = 0; i < 4; i += 1) await chatTo(uid);
    // Ends a call.
    accepted(await gateway.webhook('push', push({ sessionId: `v1.${uid}` }, uid, 'push-call-cancelled')));
    // Replies to a number, of an unknown user.
    expect((await say(phno, 'STOP')).statusCode).toBe(200);
    await until(async () =>
      (await gateway.sandboxMessages()).some(({ to, uid: of }) => to === phno && of !== uid),
    );
    const dead = newId();
    await addJob('push', dead, { ...planJob(uid, Date.now()), v: undefined });
    await until(() => isDeadLettered('push', dead));
    await spoolDeadLetters(uid, other.uid);
    expect((await placesOf(needles, stores)).length).toBeGreaterThan(20);

    expect((await erase(uid)).statusCode).toBe(204);
    expect(await placesOf(needles, stores)).toEqual([]);
    expect((await erase(uid)).statusCode).toBe(204);
    expect(await placesOf(needles, stores)).toEqual([]);

    // Everything of others stays.
    const page = await gateway.backend('GET', `/v1/notifications?uid=${other.uid}`);
    expect(page.json<{ data: unknown[] }>().data).toHaveLength(1);
    expect(await placesOf([other.uid], stores)).toEqual(
      expect.arrayContaining([expect.stringContaining('device'), expect.stringContaining('.seg')]),
    );
  });

  it('keeps late jobs from bringing the user back, with their side effects', async () => {
    const { uid, token, needles } = someone();
    await register(uid, token);
    const before = Date.now();
    expect((await erase(uid)).statusCode).toBe(204);
    const [late, call, last] = [newId(), newId(), newId()];
    await addJob('push', late, planJob(uid, before));
    const ended = push({ sessionId: `v1.${uid}` }, uid, 'push-call-cancelled').data;
    await addJob('calls', call, { ...planJob(uid, before), kind: 'call', content: JSON.stringify(ended) });
    // Planned after them.
    const other = someone();
    await addJob('push', last, planJob(other.uid, Date.now()));
    await gateway.notification(last);
    await until(async () => (await placesOf(needles, stores)).length === 0);
    expect((await gateway.backend('GET', `/v1/notifications/${late}`)).statusCode).toBe(404);
  });

  it('lets a later registration and webhook belong to a new user', async () => {
    const { uid, token } = someone();
    await register(uid, token);
    await erase(uid);
    expect((await register(uid, token)).statusCode).toBe(201);
    expect(await gateway.notification(await chatTo(uid))).toMatchObject({ status: 'sent', uid });
    expect((await erase(uid)).statusCode).toBe(204);
  });

  it('keeps an opt-out of the number, which START lifts', async () => {
    const { uid, phno } = someone();
    const optOut = (way: string) => gateway.backend('POST', `/v1/opt-outs${way}`, { phno });
    await gateway.backend('PUT', `/v1/users/${uid}/contact`, { phno });
    expect((await optOut('')).json()).toEqual({ changed: true });
    await erase(uid);
    expect((await optOut('/find')).json()).toMatchObject({ optedOut: true, source: 'backend' });
    const stopped = accepted(await gateway.webhook('sms', sms(phno, uid)));
    expect(await gateway.notification(stopped)).toMatchObject({
      deliveries: [{ status: 'skipped', reason: 'opted_out' }],
    });
    expect((await say(phno, 'START')).statusCode).toBe(200);
    expect((await optOut('/find')).json()).toMatchObject({ optedOut: false, source: 'inbound' });
    const sent = accepted(await gateway.webhook('sms', sms(phno, uid, 'sms-group')));
    expect(await gateway.notification(sent)).toMatchObject({ deliveries: [{ status: 'sent' }] });
  });

  it('waits for running jobs, which leave nothing behind; a vendor that takes too long is reported', async () => {
    const { uid, token, needles } = someone();
    await gateway.backend('POST', `/v1/users/${uid}/devices`, {
      ...{ platform: 'fcm_android', fcmToken: token, providerId: 'hanging' },
    });
    fcm.answerWith('hang');
    await chatTo(uid);
    await until(() => fcm.asked() > 0);
    const first = await erase(uid);
    expect([first.statusCode, first.json<{ code: string }>().code]).toEqual([503, 'USER.NOT_ERASED']);
    expect(first.headers['retry-after']).toBe('10');
    await until(async () => (await erase(uid)).statusCode === 204);
    expect(await placesOf(needles, stores)).toEqual([]);
    // The job that was running has ended for good: it is not retried.
    const asked = fcm.asked();
    await gateway.notification(await chatTo(await registered()));
    expect(await placesOf(needles, stores)).toEqual([]);
    expect(fcm.asked()).toBe(asked);
  });

  it('of whom nothing is known succeeds', async () => {
    expect((await erase('nobody-at-all')).statusCode).toBe(204);
  });
});

/** Writes a dead-lettered segment with events of two users, one of the first of them damaged. */
async function spoolDeadLetters(uid: string, otherUid: string): Promise<void> {
  const recordOf = (of: string): Buffer =>
    encodeRecord(
      encodeEvent({
        v: 1,
        job: {
          ...{ queueName: 'push', name: 'notification.send', id: newId() },
          data: { ...planJob(of, Date.now()), v: 1, channel: 'push', kind: 'chat' },
        },
      }),
    );
  const damaged = recordOf(uid);
  damaged.writeUInt8(damaged.readUInt8(40) ^ 1, 40);
  const directory = path.join(stores.spoolDir, 'set-aside');
  await mkdir(directory, { recursive: true });
  const segments = [
    ['mixed.seg', [recordOf(uid), recordOf(otherUid), recordOf(uid)]],
    ['damaged.seg', [damaged, recordOf(otherUid)]],
    ['mine.seg', [recordOf(uid)]],
  ] as const;
  for (const [name, records] of segments)
    await writeFile(path.join(directory, name), Buffer.concat([...records]));
  expect(await readdir(directory)).toHaveLength(3);
}
