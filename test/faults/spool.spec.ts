import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { encodeRecord } from '../../src/queue/spool/segment-format.js';
import { encodeEvent, type SpooledEvent } from '../../src/queue/spool/spooled-event.js';
import { emptyRedis, startTestGateway, WEBHOOK_AUTH, type TestGateway } from '../support/gateway.js';
import { push, type PushWebhook } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { buildProgram, startProcess, temporaryDirectory } from '../support/process.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

// One gateway accepts webhooks, with a proxy before the store of its queue; another one delivers.
let postgres: TestPostgres;
let redisUrl: string | undefined;
let proxy: TcpProxy;
let worker: TestGateway;
let gateway: TestGateway | undefined;
beforeAll(async () => {
  postgres = await startPostgres();
  redisUrl = await emptyRedis();
  proxy = await startProxy(redisUrl ?? postgres.url);
  worker = await startTestGateway({ postgres, keepRedis: true, settings: { role: 'worker' } });
  const registrar = await startTestGateway({ postgres, keepRedis: true, settings: { role: 'api' } });
  for (const uid of ['ann', 'bob'])
    await registrar.backend('POST', `/v1/users/${uid}/devices`, {
      platform: 'fcm_android',
      fcmToken: `of-${uid}`,
    });
  await registrar.close();
});
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  proxy.mend();
  await gateway?.close();
  gateway = undefined;
  await directory.remove();
});
afterAll(async () => {
  await worker.close();
  await proxy.close();
  await postgres.close();
});

describe('the spool while the store is down', () => {
  it('accepts webhooks and send requests, detects duplicates, and delivers each event once afterwards', async () => {
    const api = await start();
    proxy.stall();
    const tags = times(20).map((i) => `down-${i}`);
    const answers = await Promise.all(tags.map((tag) => take(api, chat(tag))));
    expect(new Set(answers.map(({ notificationId }) => notificationId)).size).toBe(tags.length);
    expect(answers.every(({ duplicate }) => !duplicate)).toBe(true);
    const again = await take(api, chat('down-7', { sentAt: '1' }));
    const repeated = await take(api, chat('down-7', { sentAt: '1' }));
    expect(repeated).toMatchObject({ notificationId: again.notificationId, duplicate: true });

    const request = { channel: 'push', to: { uid: 'ann' }, title: 'Order', tag: 'down-send' };
    const headers = { apikey: DEMO.apiKey, 'idempotency-key': 'spool-1' };
    const ask = (payload: object): ReturnType<TestGateway['request']> =>
      api.request({ method: 'POST', url: '/v1/notifications', headers, payload });
    const accepted = (await ask(request)).json<Answer>();
    expect((await ask(request)).json()).toEqual({ ...accepted, duplicate: true });
    expect((await ask({ ...request, title: 'Another' })).statusCode).toBe(409);

    expect(await figure(api, 'bellhop_spool_events')).toBe(tags.length + 2);
    const ready = await api.request({ method: 'GET', url: '/health/ready' });
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({
      items: {
        queue: { status: 'down' },
        spool: { status: 'up', detail: expect.stringContaining('22 events wait') },
      },
    });

    proxy.mend();
    for (const { notificationId } of [...answers, again, accepted])
      expect(await api.notification(notificationId)).toMatchObject({ status: 'sent' });
    await drained(api);
    expect(await take(api, chat('down-7', { sentAt: '1' }))).toMatchObject({
      notificationId: again.notificationId,
      duplicate: true,
    });
    const counts = await deliveredOf(api, [...tags, 'down-send']);
    expect(counts).toEqual([...tags, 'down-send'].map((tag) => (tag === 'down-7' ? 2 : 1)));
    expect(await readdir(directory.path)).toHaveLength(1);
  });

  it('does not deliver a duplicate of an event that the queue already has', async () => {
    const api = await start();
    const event = chat('before');
    const first = await take(api, event);
    await api.notification(first.notificationId);
    proxy.stall();
    const repeat = await take(api, event);
    expect(repeat.duplicate).toBe(false);
    proxy.mend();
    await drained(api);
    const after = await take(api, chat('after-before'));
    await api.notification(after.notificationId);
    expect(await deliveredOf(api, ['before', 'after-before'])).toEqual([1, 1]);
    expect(await api.notification(repeat.notificationId)).toMatchObject({
      ...{ status: 'skipped', originId: first.notificationId },
      deliveries: [{ status: 'skipped', reason: 'duplicate' }],
    });
    const url = '/v1/notifications?hasDuplicate=true';
    const listed = async (): Promise<string[]> =>
      (await api.request({ method: 'GET', url, headers: { apikey: DEMO.apiKey } }))
        .json<{ data: { id: string }[] }>()
        .data.map(({ id }) => id);
    await until(async () => (await listed()).includes(first.notificationId), listed);
    expect(await listed()).not.toContain(after.notificationId);
  });

  it('sends one reply to repeated HELP messages after the store has recovered', async () => {
    const api = await start();
    proxy.stall();
    const url = `/callbacks/${DEMO.appId}/sms/sandbox/inbound?secret=${DEMO.callbackSecret}`;
    const help = { from: '+14155550155', text: 'HELP', id: 'help-1' };
    for (const payload of [help, { ...help, id: 'help-2' }])
      expect((await api.request({ method: 'POST', url, payload })).statusCode).toBe(200);
    expect(await figure(api, 'bellhop_spool_events')).toBe(1);
    proxy.mend();
    await drained(api);
    const replies = async () => (await api.sandboxMessages()).filter(({ to }) => to === help.from);
    await until(async () => (await replies()).length > 0);
    expect(await replies()).toHaveLength(1);
  });

  it('answers 503 when it is full, and accepts webhooks after it has drained', async () => {
    const api = await start(1);
    proxy.stall();
    const large = (tag: string): PushWebhook => chat(tag, { body: 'x'.repeat(400_000) });
    const taken = [await take(api, large('large-1')), await take(api, large('large-2'))];
    const refused = await api.webhook('push', large('large-3'));
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.json()).toMatchObject({ code: 'WEBHOOK.NOT_STORED' });
    taken.push(await take(api, chat('small'))); // fits into the remaining space
    proxy.mend();
    await drained(api);
    taken.push(await take(api, large('large-3')));
    await Promise.all(taken.map(({ notificationId }) => api.notification(notificationId)));
    expect(await deliveredOf(api, ['large-1', 'large-2', 'small', 'large-3'])).toEqual([1, 1, 1, 1]);
  });
});

const left = (id: number, tag: string, agoMs: number): SpooledEvent => {
  const { data } = chat(tag);
  return {
    v: 1,
    job: {
      queueName: 'push',
      name: 'notification.send',
      id: `0190aaaa-0000-7000-8000-${String(id).padStart(12, '0')}`,
      data: {
        v: 1,
        appId: DEMO.appId,
        channel: 'push',
        kind: 'chat',
        uid: 'ann',
        receivedAt: Date.now() - agoMs,
        content: JSON.stringify(data),
      },
    },
  };
};
const ring = (event: SpooledEvent, sessionId: string): SpooledEvent => {
  const { data } = push({ sessionId, sentAt: null }, 'bob', 'push-call-initiated');
  const { job } = event;
  const call = { ...job.data, uid: 'bob', kind: 'call' as const, content: JSON.stringify(data) };
  return { ...event, job: { ...job, queueName: 'calls', data: call } };
};

describe('the spool of another process', () => {
  it('is delivered once even if its events were queued before and its segment remained', async () => {
    const api = await start();
    proxy.stall();
    // One event whose duplicates the queue detects, and one that the queue forgets once it is done.
    const hook = await take(api, chat('twice-hook'));
    const request = { channel: 'push', to: { uid: 'ann' }, title: 'Order', tag: 'twice-send' };
    const asked = (await api.backend('POST', '/v1/notifications', request)).json<Answer>();
    const segments = await segmentsIn(directory.path);
    expect(Object.keys(segments)).not.toEqual([]);
    proxy.mend();
    for (const { notificationId } of [hook, asked])
      expect(await api.notification(notificationId)).toMatchObject({ status: 'sent' });
    await drained(api);
    await api.close();
    expect(await readdir(directory.path)).toEqual([]);

    await leave(segments);
    const next = await start();
    await until(
      async () => (await figure(next, 'bellhop_spool_total{result="drained"}')) === 2,
      () => figuresOfSpool(next),
    );
    const after = await take(next, chat('twice-after'));
    await next.notification(after.notificationId);
    expect(await deliveredOf(next, ['twice-hook', 'twice-send', 'twice-after'])).toEqual([1, 1, 1]);
  });

  it('keeps the time of arrival, so that an old ring expires', async () => {
    const cancel = push({ sessionId: 'v1.cancelled', callAction: 'cancelled' }, 'bob', 'push-call-cancelled');
    const late = ring(left(1, 'late', 60_000), 'v1.late');
    const cancelled = ring(left(2, 'cancelled', 1_000), 'v1.cancelled');
    const api = await start();
    await api.notification((await take(api, cancel)).notificationId);
    const records = [late, left(3, 'chat-of-then', 60_000), cancelled].map((event) =>
      encodeRecord(encodeEvent(event)),
    );
    await leave({ 'left-00000000.seg': Buffer.concat(records) });
    const record = (event: SpooledEvent): ReturnType<TestGateway['notification']> =>
      api.notification(event.job.id);
    expect(await record(late)).toMatchObject({
      status: 'expired',
      receivedAt: new Date(late.job.data.receivedAt).toISOString(),
      deliveries: [{ reason: 'too_old' }],
    });
    expect(await record(cancelled)).toMatchObject({
      status: 'expired',
      deliveries: [{ reason: 'call_over' }],
    });
    expect(await record(left(3, '', 0))).toMatchObject({ status: 'sent' });
  });
});

describe('a process killed while the store is down', () => {
  it('loses no acknowledged event', async () => {
    buildProgram();
    const env = {
      ROLE: 'api',
      SPOOL_DIR: directory.path,
      DATABASE_URL: redisUrl === undefined ? proxy.url : postgres.url,
      ...(redisUrl === undefined ? {} : { REDIS_URL: proxy.url }),
    };
    const first = await startProcess(env);
    const post = async (url: string, tag: string): Promise<Answer> => {
      const headers = { 'content-type': 'application/json', authorization: WEBHOOK_AUTH };
      const body = JSON.stringify(chat(tag, { sentAt: '1' }));
      const answer = await fetch(`${url}/webhooks/cometchat/push`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
      return (await answer.json()) as Answer;
    };
    proxy.cut();
    const tags = times(30).map((i) => `killed-${i}`);
    const answers = await Promise.all(tags.map((tag) => post(first.url, tag)));
    await first.kill();
    // A process does not start without PostgreSQL.
    if (redisUrl === undefined) proxy.mend();
    const second = await startProcess(env);
    try {
      await until(() => second.output().includes('spool.segment_taken_over'), second.output);
      if (redisUrl !== undefined) {
        expect(await post(second.url, 'killed-3')).toEqual({ ...answers[3], duplicate: true });
        answers.push(await post(second.url, 'killed-later'));
      }
      proxy.mend();
      const api = await start();
      for (const { notificationId } of answers)
        expect(await api.notification(notificationId)).toMatchObject({ status: 'sent' });
      expect(await deliveredOf(api, tags)).toEqual(tags.map(() => 1));
    } finally {
      expect(await second.stop()).toBe(0);
    }
  });
});

interface Answer {
  readonly notificationId: string;
  readonly duplicate: boolean;
}
let directory: { path: string; remove: () => Promise<void> };

const start = async (spoolMaxMb = 256): Promise<TestGateway> => {
  const store = redisUrl === undefined ? { databaseUrl: proxy.url } : { redisUrl: proxy.url };
  const settings = { role: 'api' as const, spoolDir: directory.path, spoolMaxMb, ...store };
  gateway = await startTestGateway({ postgres, keepRedis: true, settings });
  // Metrics open a connection for each queue, so that all of them can fail later.
  await gateway.request({ method: 'GET', url: '/metrics' });
  return gateway;
};
const take = async (to: TestGateway, event: object): Promise<Answer> => {
  const answer = await to.webhook('push', event);
  expect(answer.statusCode).toBe(200);
  return answer.json<Answer>();
};
const chat = (tag: string, more: Record<string, unknown> = {}): PushWebhook => push({ tag, ...more }, 'ann');
/** Number of deliveries per tag. */
const deliveredOf = async (from: TestGateway, tags: readonly string[]): Promise<number[]> => {
  const all = (await from.sandboxMessages()).map(({ message }) => message.data?.['tag']);
  return tags.map((tag) => all.filter((given) => given === tag).length);
};
const figure = async (of: TestGateway, name: string): Promise<number> => {
  const { body } = await of.request({ method: 'GET', url: '/metrics' });
  return Number(
    body
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );
};
const figuresOfSpool = async (of: TestGateway): Promise<string[]> => {
  const { body } = await of.request({ method: 'GET', url: '/metrics' });
  return body.split('\n').filter((line) => line.startsWith('bellhop_spool'));
};
const drained = (of: TestGateway): Promise<true> =>
  until(
    async () => (await figure(of, 'bellhop_spool_events')) === 0,
    () => figuresOfSpool(of),
  );
const segmentsIn = async (root: string): Promise<Record<string, Buffer>> => {
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.seg'));
  const read = files.map(
    async (file) => [path.basename(file), await readFile(path.join(root, file))] as const,
  );
  return Object.fromEntries(await Promise.all(read));
};
/** Creates the spool directory of a process that stopped cleanly. */
const leave = async (segments: Readonly<Record<string, Buffer>>): Promise<void> => {
  const home = path.join(directory.path, 'left');
  await mkdir(home);
  for (const [name, bytes] of Object.entries(segments)) await writeFile(path.join(home, name), bytes);
  await writeFile(path.join(home, 'owner'), 'released');
};
const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
