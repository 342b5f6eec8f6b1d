import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';

/** Accounts with an open breaker: the circuit breaker appends a transport or a country to the provider's id. */
const OPEN = [
  `${DEMO.appId} push default`,
  `${DEMO.appId} push default:apns`,
  `${DEMO.appId} push default:sandbox`,
  `${DEMO.appId} push default2:fcm`,
  `${DEMO.appId} sms sms:DE`,
  `${DEMO.appId} sms sms:US`,
  `${DEMO.appId} sms sms_eu:US`,
  'other-app push default:sandbox',
] as const;

let gateway: TestGateway;
let sql: pg.Pool;
beforeAll(async () => {
  const [demo] = DEMO_CONFIG.apps;
  const sandbox = { type: 'sandbox' };
  const push = { providers: [{ ...sandbox, id: 'default' }] };
  const sms = { defaultCountry: 'US', providers: [{ ...sandbox, id: 'sms' }] };
  const other = { ...demo, appId: 'other-app', clients: { apiKeys: ['key-of-the-other-app'] } };
  gateway = await startTestGateway({ config: { apps: [{ ...demo, push, sms }, other] } });
  sql = new pg.Pool({ connectionString: gateway.databaseUrl, max: 1 });
});
beforeEach(async () => {
  await sql.query('DELETE FROM provider_state');
  for (const account of OPEN)
    await sql.query(
      `INSERT INTO provider_state (app_id, channel, provider, state, until, failures, probe_at)
       VALUES ($1, $2, $3, 'open', now() + interval '1 hour', 10, now() + interval '1 hour')`,
      account.split(' '),
    );
});
afterAll(async () => {
  await sql.end();
  await gateway.close();
});

const release = async (provider: string): Promise<number> => {
  const url = `/v1/providers/${DEMO.appId}/${provider}/release`;
  const headers = { authorization: OPERATOR_AUTH };
  return (await gateway.request({ method: 'POST', url, headers, payload: {} })).statusCode;
};
const stillOpen = async (): Promise<string[]> => {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT app_id || ' ' || channel || ' ' || provider AS name FROM provider_state`,
  );
  return rows.map(({ name }) => name).toSorted();
};
const without = (...released: readonly string[]): string[] =>
  OPEN.filter((account) => !released.includes(account)).toSorted();

describe('POST /v1/providers/{appId}/{channel}/{id}/release', () => {
  it('closes the breakers of all transports of a push provider, and no others', async () => {
    expect(await release('push/default')).toBe(200);
    expect(await stillOpen()).toEqual(
      without(
        `${DEMO.appId} push default`,
        `${DEMO.appId} push default:apns`,
        `${DEMO.appId} push default:sandbox`,
      ),
    );
  });

  it('closes the breakers of all countries of an SMS provider, and no others', async () => {
    expect(await release('sms/sms')).toBe(200);
    expect(await stillOpen()).toEqual(without(`${DEMO.appId} sms sms:DE`, `${DEMO.appId} sms sms:US`));
  });

  it('is refused for an unknown provider, and closes nothing', async () => {
    expect(await release('push/default2')).toBe(404);
    expect(await stillOpen()).toEqual(without());
  });
});
