import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue, setDefaultBackendFactory, type ConnectionOptions } from 'bullmq';
import { pino } from 'pino';
import { createPostgresQueueBackend } from '../../src/queue/bullmq/postgres-backend.js';
import { PulsingWorker } from '../../src/queue/bullmq/pulsing-worker.js';
import { PostgresStore } from '../../src/queue/bullmq/queue-store.js';
import { connectRedis } from '../../src/queue/bullmq/redis-connection.js';
import { SupervisedWorker } from '../../src/queue/bullmq/supervised-worker.js';
import { readProcessSettings } from '../../src/platform/config/process-settings.js';
import { emptyRedis } from '../support/gateway.js';
import { startPostgres } from '../support/postgres.js';
import { startProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

let store: Store;
let queue: Queue;
let supervised: SupervisedWorker;
let done: string[];
let logged: { msg: string; why?: string }[];
let created: PulsingWorker[];
let checks: number;
beforeEach(async () => {
  store = await openStore();
  setDefaultBackendFactory(isOnRedis ? undefined : createPostgresQueueBackend);
  queue = new Queue(NAME, { connection: store.connection });
  [done, logged, created, checks] = [[], [], [], 0];
});
afterEach(async () => {
  await supervised.close();
  await queue.close();
  await store.close();
});

describe('a worker that stops fetching', () => {
  it.each(['moveToActive', 'waitForJob'] as const)(
    'is replaced if %s never answers and a job is due',
    async (ask) => {
      supervise((worker) => Object.assign(worker.getBackend(), { [ask]: never }));
      // The first fetch finds an empty queue; afterwards the worker waits for a job.
      if (ask === 'waitForJob') await until(() => (created[0]?.pulse.fetches ?? 0) > 0);
      await queue.add('push.send', {}, { jobId: 'a' });
      await until(() => done.includes('a'), messages);
      await until(() => supervised.isHealthy);
      expect(messages()).toEqual(['worker.stalled', 'worker.recovered']);
      expect(logged[0]?.why).toBe('jobs are due and none is fetched');
    },
  );

  it('is replaced if its store connection does not answer, even without due jobs', async () => {
    const deaf = (worker: PulsingWorker): void => {
      Object.assign(worker.getBackend(), { moveToActive: never, moveStalledJobsToWait: never });
    };
    supervise(deaf);
    await until(() => messages().includes('worker.recovered'), messages);
    expect(logged[0]?.why).toBe('its connection does not answer');
  });

  it('is unhealthy until its replacement works', async () => {
    supervise((worker) => Object.assign(worker.getBackend(), { moveToActive: never }));
    expect(supervised.isHealthy).toBe(true);
    await queue.add('push.send', {}, { jobId: 'a' });
    await until(() => messages().includes('worker.stalled'));
    expect(supervised.isHealthy).toBe(false);
    await until(() => supervised.isHealthy);
    expect(done).toEqual(['a']);
  });
});

describe('a worker that fetches', () => {
  it('is not replaced while its queue is empty or the store is down', async () => {
    let isDown = false;
    supervise(
      () => undefined,
      async () => {
        const jobs = await queue.getWaitingCount();
        if (isDown) throw new Error('down');
        return jobs;
      },
    );
    await until(() => checks > 10);
    isDown = true;
    await until(() => checks > 20);
    expect(messages()).toEqual([]);
    expect(created).toHaveLength(1);
  });

  it('starts jobs long before it has fetched up to its concurrency', async () => {
    await queue.addBulk(
      Array.from({ length: 40 }, (_, index) => ({
        name: 'push.send',
        data: {},
        opts: { jobId: `job-${index}` },
      })),
    );
    let fetchedBefore: number | undefined;
    supervise((worker) => {
      const backend = worker.getBackend();
      const fetch = backend.moveToActive.bind(backend);
      Object.assign(backend, {
        moveToActive: async (...args: Parameters<typeof fetch>) => {
          if (done.length === 0) fetchedBefore = (fetchedBefore ?? 0) + 1;
          await new Promise((resolve) => setTimeout(resolve, SLOW_STORE_MS));
          return fetch(...args);
        },
      });
    });
    await until(() => done.length === 40);
    // At most 100 ms of fetches.
    expect(fetchedBefore).toBeLessThanOrEqual(100 / SLOW_STORE_MS + 1);
  });
});

describe('a queue on PostgreSQL', () => {
  it('recovers when its first connections failed', async () => {
    supervise(() => undefined);
    if (store.url === undefined) return;
    const proxy = await startProxy(store.url);
    const opened = new PostgresStore(proxy.url);
    proxy.cut();
    const late = new Queue(NAME, { connection: opened.pool });
    late.on('error', () => undefined);
    const add = (): Promise<unknown> => late.add('push.send', {}, { jobId: 'b' });
    await expect(add()).rejects.toBeInstanceOf(Error);
    proxy.mend();
    await until(() => add().catch(() => undefined));
    await until(() => done.includes('b'));
    await late.close();
    await opened.close();
    await proxy.close();
  });
});

const isOnRedis = process.env['TEST_REDIS_URL'] !== undefined;
const NAME = 'push';
const CHECK_INTERVAL_MS = 200;
const SLOW_STORE_MS = 20;
const never = (): Promise<never> => new Promise(() => undefined);

interface Store {
  readonly connection: ConnectionOptions;
  /** The PostgreSQL store; unused with Redis. */
  readonly url?: string;
  close(): Promise<unknown>;
}

async function openStore(): Promise<Store> {
  const url = await emptyRedis();
  if (url !== undefined) {
    const client = connectRedis(url, readProcessSettings({ REDIS_URL: url }).settings.redis);
    return { connection: client, close: async () => client.disconnect() };
  }
  const postgres = await startPostgres();
  const opened = new PostgresStore(postgres.url);
  await opened.migrate();
  return {
    connection: opened.workerPool,
    url: postgres.url,
    close: async () => {
      await opened.close();
      await postgres.close();
    },
  };
}
const messages = (): string[] => logged.map(({ msg }) => msg);

/** Starts a supervised worker. @param harm breaks the first worker only; its replacement works. */
function supervise(
  harm: (worker: PulsingWorker) => void,
  dueJobs = async (): Promise<number> => queue.getWaitingCount(),
): void {
  supervised = new SupervisedWorker(
    { queueName: NAME, shard: 0 },
    {
      create: (isReplacement) => {
        const options = { connection: store.connection, concurrency: 50, stalledInterval: CHECK_INTERVAL_MS };
        const worker = new PulsingWorker(NAME, async (job) => void done.push(job.id ?? ''), options);
        if (!isReplacement) harm(worker);
        created.push(worker);
        return { worker, disconnect: () => undefined };
      },
      dueJobs: () => {
        checks += 1;
        return dueJobs();
      },
      logger: pino({}, { write: (line: string) => void logged.push(JSON.parse(line) as { msg: string }) }),
    },
    CHECK_INTERVAL_MS,
  );
  supervised.on('error', () => undefined);
}
