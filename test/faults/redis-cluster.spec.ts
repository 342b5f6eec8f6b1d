import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { postUntilTaken, OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.js';
import { onOwnRedis, redisCli } from '../support/redis-server.js';

const SHARDS = 6;
const PEOPLE = 24;
const uidOf = (index: number): string => `user-${index}`;

onOwnRedis('the queue on a Redis Cluster', () => {
  let redis: RedisCluster;
  let gateway: TestGateway;
  beforeAll(async () => {
    redis = await startRedisCluster();
    gateway = await startTestGateway({ env: { ...redis.env, QUEUE_SHARDS: String(SHARDS) } });
    for (let index = 0; index < PEOPLE; index++) {
      const device = { platform: 'fcm_android', fcmToken: `token-${index}` };
      await gateway.backend('POST', `/v1/users/${uidOf(index)}/devices`, device);
    }
  });
  afterAll(async () => {
    await gateway?.close();
    await redis?.close();
  });

  const post = (event: object) => postUntilTaken(gateway, event);

  it('delivers every webhook once and detects duplicates', async () => {
    const events = Array.from({ length: 3 * PEOPLE }, (_, index) =>
      push({ tag: `tag-${index}` }, uidOf(index % PEOPLE)),
    );
    const first = await Promise.all(events.map(post));
    const again = await Promise.all(events.map(post));
    expect(again).toMatchObject(first.map(({ notificationId }) => ({ notificationId, duplicate: true })));
    expect(new Set(first.map(({ notificationId }) => notificationId)).size).toBe(events.length);
    const records = await gateway.notifications(first.map(({ notificationId }) => notificationId));
    expect(records.filter(({ status }) => status !== 'sent')).toEqual([]);
    expect((await gateway.sandboxMessages()).length).toBe(events.length);
  });

  it('keeps each shard in one hash slot, and has shards on every node', async () => {
    const found: string[] = [];
    for (const { port } of redis.masters) {
      const keys = (await redisCli(port, 'keys', '*')).split('\n').filter(Boolean);
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter((key) => !/^\{bellhop:[0-5]\}:/.test(key))).toEqual([]);
      found.push(...new Set(keys.map((key) => key.slice(0, key.indexOf('}') + 1))));
    }
    // No shard is on two nodes.
    expect(found.toSorted()).toEqual(Array.from({ length: SHARDS }, (_, shard) => `{bellhop:${shard}}`));
  });

  it('appears complete in Bull Board, metrics and readiness', async () => {
    const get = (url: string) =>
      gateway.request({ method: 'GET', url, headers: { authorization: OPERATOR_AUTH } });
    const board = await get('/admin/queues/api/queues');
    const names = board.json<{ queues: { name: string }[] }>().queues.map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('calls'))).toHaveLength(SHARDS);
    expect(new Set(names).size).toBe(3 * SHARDS + 3);
    const figures = (await get('/metrics')).body
      .split('\n')
      .filter((line) => line.startsWith('bellhop_queue_jobs'));
    expect(figures).toContain('bellhop_queue_jobs{queue="push",state="waiting"} 0');
    expect((await get('/health/ready')).statusCode).toBe(200);
  });
});
