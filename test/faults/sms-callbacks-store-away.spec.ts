import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';

// The database behind a proxy that can stall; no workers, which would wait for it.
let postgres: TestPostgres;
let proxy: TcpProxy;
let gateway: TestGateway;
beforeAll(async () => {
  postgres = await startPostgres();
  proxy = await startProxy(postgres.url);
  gateway = await startTestGateway({ postgres, settings: { role: 'api', databaseUrl: proxy.url } });
});
afterAll(async () => {
  proxy.mend();
  await gateway.close();
  await proxy.close();
  await postgres.close();
});

it('a callback that cannot be stored is answered 503 and accepted when the vendor retries', async () => {
  const report = (part: string, body: object) =>
    gateway.request({
      method: 'POST',
      url: `/callbacks/${DEMO.appId}/sms/sandbox/${part}?secret=${DEMO.callbackSecret}`,
      payload: body,
    });
  const delivered = { id: 'sandbox-x', status: 'delivered' };
  const stop = { from: '+14155550100', text: 'STOP', id: 'in-1' };
  expect((await report('status', delivered)).statusCode).toBe(200);
  proxy.stall();
  const answers = await Promise.all([report('status', delivered), report('inbound', stop)]);
  for (const answer of answers) {
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ code: 'CALLBACK.NOT_STORED' });
  }
  // Inbound SMS without a keyword need no store.
  expect((await report('inbound', { ...stop, text: 'hello' })).statusCode).toBe(200);
  proxy.mend();
  expect((await report('status', delivered)).statusCode).toBe(200);
  expect((await report('inbound', stop)).statusCode).toBe(200);
});
