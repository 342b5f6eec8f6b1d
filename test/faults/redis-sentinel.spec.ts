import { once, type EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { RedisStore } from '../../src/queue/bullmq/queue-store.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startSentinelSetup, type SentinelSetup } from '../support/redis-sentinel.js';
import { onOwnRedis, redisCli } from '../support/redis-server.js';
import { until } from '../support/until.js';

const PEOPLE = 10;

onOwnRedis('the queue on a Redis with Sentinels', () => {
  let redis: SentinelSetup;
  let gateway: TestGateway;
  beforeAll(async () => {
    redis = await startSentinelSetup();
    // No spool: the guarantees of Redis alone are tested.
    const env = { ...redis.env, REDIS_WAIT_REPLICAS: '1', SPOOL_MAX_MB: '0' };
    gateway = await startTestGateway({ env });
    for (let index = 0; index < PEOPLE; index++) {
      const device = { platform: 'fcm_android', fcmToken: `token-${index}` };
      await gateway.backend('POST', `/v1/users/user-${index}/devices`, device);
    }
  });
  afterAll(async () => {
    await gateway?.close();
    await redis?.close();
  });

  let tag = 0;
  const post = async (): Promise<string | undefined> => {
    tag += 1;
    const answer = await gateway.webhook('push', push({ tag: `tag-${tag}` }, `user-${tag % PEOPLE}`));
    if (answer.statusCode === 200) return answer.json<{ notificationId: string }>().notificationId;
    expect(answer.statusCode).toBe(503);
    return undefined;
  };

  it('loses no acknowledged webhook when the master is killed, and accepts webhooks after the failover', async () => {
    const before = await redis.master();
    const acknowledged: string[] = [];
    const posting = new AbortController();
    const poster = async (): Promise<void> => {
      while (!posting.signal.aborted) {
        const id = await post();
        if (id === undefined) await sleep(50);
        else acknowledged.push(id);
      }
    };
    const posters = Array.from({ length: 5 }, poster);
    const taken = (): number => acknowledged.length;
    await until(() => taken() > 50, taken);
    await redis.servers.find(({ port }) => port === before)?.kill();
    await until(async () => (await redis.master()) !== before, redis.master);
    const atFailover = taken();
    await until(() => taken() > atFailover + 50, taken);
    posting.abort();
    await Promise.all(posters);

    const records = await gateway.notifications(acknowledged);
    expect(records.filter(({ status }) => status !== 'sent')).toEqual([]);
    const attempts = records.flatMap(({ deliveries }) =>
      deliveries.map((delivery) => delivery.attempts.length),
    );
    expect(attempts).toEqual(acknowledged.map(() => 1));
  });

  describe('a Redis connection', () => {
    let store: RedisStore;
    let client: Redis;
    beforeEach(async () => {
      const nodes = redis.sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
      const sentinel = { nodes, master: 'mymaster', username: undefined, password: undefined };
      store = new RedisStore('redis://redis.invalid', {
        shards: 1,
        waitReplicas: 0,
        sentinel,
        cluster: undefined,
      });
      client = store.client as Redis;
      await until(
        () => client.status === 'ready',
        () => client.status,
      );
    });
    afterEach(() => store.close());

    /** Connections to the Sentinels that report a failover. */
    const listening = (): EventEmitter[] => {
      const { failoverDetector } = Reflect.get(client, 'connector') as {
        failoverDetector: { sentinels: { client: EventEmitter }[] } | null;
      };
      return failoverDetector?.sentinels.map((sentinel) => sentinel.client) ?? [];
    };

    it('recovers when a failover is reported during a reconnect', async () => {
      await until(() => listening().length > 0);
      const ended: string[] = [];
      client.on('end', () => ended.push('end'));
      client.once('connecting', () => {
        for (const sentinel of listening()) sentinel.emit('message', '+switch-master', 'mymaster');
      });
      const connected = once(client, 'ready');
      client.stream.destroy();
      await connected;
      expect(await client.ping()).toBe('PONG');
      expect(ended).toEqual([]);
    });

    it('reconnects after it ended unexpectedly', async () => {
      const ended = once(client, 'end');
      client.disconnect();
      await ended;
      await once(client, 'ready');
      expect(await client.ping()).toBe('PONG');
    });

    it('stays closed when it is closed during a reconnect', async () => {
      const ended = once(client, 'end');
      client.once('connecting', () => store.close());
      client.stream.destroy();
      await ended;
      await sleep(1_500);
      expect(client.status).toBe('end');
    });
  });

  it('acknowledges no webhook that no replica has', async () => {
    const master = await redis.master();
    const replicas = redis.servers.filter(({ port }) => port !== master);
    await until(post);
    for (const replica of replicas) await replica.kill();
    const replication = (): Promise<string> => redisCli(master, 'info', 'replication');
    await until(async () => (await replication()).includes('connected_slaves:0'), replication);
    expect(await post()).toBeUndefined();
  });
});
