import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from '../../../src/platform/config/load-gateway-config.js';
import { DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import { PROVIDER_TYPES } from '../../../src/providers/provider-types.js';
import { SampledDeviceCounter } from '../../../src/recipients/devices/device-census.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

const APNS = { key: 'unused', keyId: 'ABCDE12345', teamId: 'ABCDE12345', bundleId: 'com.example' };
const [demo] = DEMO_CONFIG.apps;
const providers = [
  { id: 'default', type: 'sandbox' },
  { id: 'apple', type: 'apns', ...APNS },
  { id: 'apple', type: 'apns', ...APNS, environment: 'sandbox' },
];
const { config } = parseGatewayConfig({ apps: [{ ...demo, push: { providers } }] }, '.', {}, PROVIDER_TYPES);

let database: TestDatabase;
let counter: SampledDeviceCounter;
beforeAll(async () => {
  database = await startDatabase();
  counter = new SampledDeviceCounter(database.sql, config);
});
afterAll(() => database.close());

interface Registered {
  readonly provider: string;
  readonly transport: string;
  readonly environment?: string;
  readonly isRetired?: boolean;
}

async function register(
  count: number,
  { provider, transport, environment, isRetired }: Registered,
): Promise<void> {
  await database.sql.query(
    `INSERT INTO device (id, app_id, uid, platform, transport, provider_id, token, token_hash, environment, retired_at)
     SELECT gen_random_uuid(), 'app123', 'u' || n, 'ios', $2, $3, repeat('t', 200), sha256(uuid_send(gen_random_uuid())),
            $4, CASE WHEN $5 THEN now() END
     FROM generate_series(1, $1::int) AS n`,
    [count, transport, provider, environment ?? null, isRetired ?? false],
  );
}

describe('SampledDeviceCounter', () => {
  it('counts the devices in use by the account that serves them', async () => {
    await register(3, { provider: 'default', transport: 'fcm' });
    await register(2, { provider: 'default', transport: 'fcm', isRetired: true });
    await register(4, { provider: 'apple', transport: 'apns' });
    await register(1, { provider: 'apple', transport: 'apns-voip', environment: 'production' });
    await register(2, { provider: 'apple', transport: 'apns', environment: 'sandbox' });
    await register(7, { provider: 'apple', transport: 'fcm' });
    const { accounts, isEstimate } = await counter.count();
    expect(isEstimate).toBe(false);
    const counts = accounts.map(({ provider, environment, count }) => `${provider} ${environment} ${count}`);
    expect(counts.sort()).toEqual(['apple production 5', 'apple sandbox 2', 'default null 3']);
  });

  it('estimates those of a large table from a sample of it, the same each time', async () => {
    await register(90_000, { provider: 'default', transport: 'fcm' });
    const estimates = await Promise.all(
      [1, 2].map(async () => {
        const { accounts, isEstimate } = await new SampledDeviceCounter(database.sql, config).count();
        expect(isEstimate).toBe(true);
        return accounts.find(({ provider }) => provider === 'default')?.count ?? 0;
      }),
    );
    expect(estimates[0]).toBeGreaterThan(70_000);
    expect(estimates[0]).toBeLessThan(110_000);
    expect(estimates[1]).toBe(estimates[0]);
    expect((estimates[0] ?? 1) % 1_000).toBe(0);
  });
});
