import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

const AT_ONCE = 8;
const OTHER_KEY = 'key-of-the-other-app';
let gateway: TestGateway;
let sql: pg.Client;
beforeAll(async () => {
  const [demo] = DEMO_CONFIG.apps;
  const other = { ...demo, appId: 'other', clients: { apiKeys: [OTHER_KEY] } };
  gateway = await startTestGateway({ config: { apps: [demo, other] } });
  sql = new pg.Client({ connectionString: gateway.databaseUrl });
  sql.on('error', () => undefined);
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await gateway.close();
});

const search = async (headers: Record<string, string>): Promise<number> =>
  (await fetch(`${gateway.url}/v1/search?q=ann`, { headers })).status;

describe('a route with a limit of concurrent requests', () => {
  it('refuses more of one caller, serves the others, and the same caller again later', async () => {
    // Holds every reader of devices, as a slow database would.
    await sql.query('BEGIN; LOCK TABLE device IN ACCESS EXCLUSIVE MODE');
    const held = Array.from({ length: AT_ONCE }, () => search({ apikey: DEMO.apiKey }));
    const refused = await until(async () => {
      const answer = await fetch(`${gateway.url}/v1/search?q=ann`, {
        headers: { apikey: DEMO.apiKey },
        signal: AbortSignal.timeout(500),
      }).catch(() => undefined);
      return answer?.status === 429 && answer;
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ statusCode: 429, code: 'REQUEST.TOO_MANY_AT_ONCE' });
    const others = [search({ apikey: OTHER_KEY }), search({ authorization: OPERATOR_AUTH })];
    await sql.query('COMMIT');
    expect(await Promise.all([...held, ...others])).toEqual(Array(AT_ONCE + 2).fill(200));
    expect(await search({ apikey: DEMO.apiKey })).toBe(200);
  });
});
