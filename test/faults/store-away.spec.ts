import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { postUntilTaken, emptyRedis, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** PostgreSQL's driver raises a cut connection outside any call, which Jest reports as a failure of the test. */
const FAULTS = process.env['TEST_REDIS_URL'] ? (['cut', 'stall'] as const) : (['stall'] as const);

// The queue's store behind a proxy; no workers, which would wait for it, and no spool, which would accept the
// webhooks (spool.spec.ts).
let postgres: TestPostgres;
let proxy: TcpProxy;
let gateway: TestGateway;
beforeAll(async () => {
  postgres = await startPostgres();
  const redisUrl = await emptyRedis();
  proxy = await startProxy(redisUrl ?? postgres.url);
  const store = redisUrl === undefined ? { databaseUrl: proxy.url } : { redisUrl: proxy.url };
  gateway = await startTestGateway({ postgres, settings: { role: 'api', spoolMaxMb: 0, ...store } });
});
beforeEach(() => proxy.mend());
afterAll(async () => {
  proxy.mend();
  await gateway.close();
  await proxy.close();
  await postgres.close();
});

const accepted = (event: object) => postUntilTaken(gateway, event);

describe('a webhook that cannot be stored', () => {
  it.each(FAULTS)(
    'is answered 503 while the connection to the store is %s, and accepted afterwards',
    async (fault) => {
      const event = push({ tag: `while-${fault}` });
      await accepted(push({ tag: `before-${fault}` }));
      proxy[fault]();
      const answer = await gateway.webhook('push', event);
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.json()).toMatchObject({
        statusCode: 503,
        code: 'WEBHOOK.NOT_STORED',
        requestId: expect.any(String),
      });
      proxy.mend();
      const { notificationId } = await accepted(event);
      expect(await accepted(event)).toMatchObject({ notificationId, duplicate: true });
    },
  );

  it('leaves the process live but not ready', async () => {
    proxy.stall();
    await gateway.webhook('push', push({ tag: 'health' }));
    const get = async (url: string): Promise<number> =>
      (await gateway.request({ method: 'GET', url })).statusCode;
    expect(await get('/health/live')).toBe(200);
    expect(await get('/health/ready')).toBe(503);
  });
});
