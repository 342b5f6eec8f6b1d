import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';
import { push } from '../../support/payloads.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { freePorts, onOwnRedis, redisCli, startRedis, type RedisServer } from '../../support/redis-server.js';

onOwnRedis('the number of shards', () => {
  let redis: RedisServer;
  let postgres: TestPostgres;
  const gateways: TestGateway[] = [];
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    redis = await startRedis(port);
    postgres = await startPostgres();
  });
  afterEach(async () => {
    for (const gateway of gateways.splice(0)) await gateway.close();
  });
  afterAll(async () => {
    await redis?.close();
    await postgres?.close();
  });

  const start = async (
    role: 'api' | 'worker',
    shards: number,
    options: TestGatewayOptions = {},
  ): Promise<TestGateway> => {
    const env = { REDIS_URL: `redis://127.0.0.1:${redis.port}`, QUEUE_SHARDS: String(shards) };
    const gateway = await startTestGateway({ ...options, postgres, env, settings: { role } });
    gateways.push(gateway);
    return gateway;
  };
  /** Posts webhooks for 30 users without devices, so that their plans settle them. */
  const postAll = async (api: TestGateway, tag: string): Promise<string[]> => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => api.webhook('push', push({ tag }, `user-${index}`))),
    );
    return answers.map((answer) => answer.json<{ notificationId: string }>().notificationId);
  };

  it('may increase: jobs in the previous shards are processed', async () => {
    const before = await start('api', 1);
    const ids = await postAll(before, 'grows');
    expect(await redisCli(redis.port, 'llen', 'bellhop:push:wait')).toBe('30');
    await start('worker', 4);
    for (const id of ids) expect(await before.notification(id)).toMatchObject({ status: 'skipped' });
  });

  it('may decrease: workers empty orphaned shards and log them', async () => {
    const before = await start('api', 6);
    const ids = await postAll(before, 'shrinks');
    // Notifications that an api with the previous setting accepts can be read while they wait.
    const waiting = await before.notification(ids[0] ?? '', ({ status }) => status === 'queued');
    expect(waiting).toMatchObject({ id: ids[0] });
    const lines: string[] = [];
    await start('worker', 2, { log: (line) => lines.push(line) });
    for (const id of ids) expect(await before.notification(id)).toMatchObject({ status: 'skipped' });
    const orphaned = lines.filter((line) => line.includes('queue.orphaned_shard_holds_jobs'));
    expect(orphaned.length).toBeGreaterThan(0);
    for (const line of orphaned)
      expect(line).toMatch(/"prefix":"\{bellhop:[2-5]\}:push","jobs":\d+,"failed":0/);
  });
});
