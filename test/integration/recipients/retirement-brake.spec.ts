import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { Reason } from '../../../src/domain/reason.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { RetirementBrake } from '../../../src/recipients/planning/retirement-brake.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

const ACCOUNT = { appId: 'app123', provider: 'default', kind: 'fcm' };
const config = Object.assign(new GatewayConfig(), { apps: [] });
let database: TestDatabase;
let ledger: Ledger;
let lines: string[];
let metrics: Metrics;

beforeAll(async () => {
  database = await startDatabase();
  ledger = new Ledger(database.sql, config);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql.query('TRUNCATE notification, delivery, attempt');
  lines = [];
  metrics = new Metrics();
});

/** A brake that knows nothing yet, as in a process that has just started. */
const brake = (): RetirementBrake =>
  new RetirementBrake(
    config,
    ledger,
    metrics,
    pino({ level: 'error' }, { write: (line) => lines.push(line) }),
  );

/** One send for each of these ends; null: accepted. */
async function sends(
  count: number,
  reason: Reason | null,
  change: Partial<typeof ACCOUNT> = {},
): Promise<void> {
  const { appId, provider, kind } = { ...ACCOUNT, ...change };
  const accepted = {
    id: newId(),
    appId,
    channel: 'push' as const,
    kind: 'chat' as const,
    uid: 'ann',
    receivedAt: new Date(),
    content: '{}',
    expiresAt: new Date(Date.now() + 60_000),
  };
  const deliveries = Array.from({ length: count }, () => ({
    id: newId(),
    provider,
    kind,
    deviceId: null,
    address: { transport: 'fcm' as const, token: 't', platform: 'fcm_web' },
  }));
  await ledger.plan(accepted, { deliveries });
  await Promise.all(
    deliveries.map(async ({ id: deliveryId }) => {
      const claim = await ledger.claim(deliveryId);
      if (claim.state !== 'claimed') throw new Error(claim.state);
      await ledger.record({
        deliveryId,
        notificationId: accepted.id,
        attempt: 1,
        outcome: reason === null ? 'accepted' : 'refused',
        vendorCode: null,
        vendorMessageId: null,
        durationMs: 1,
        status: reason === null ? 'sent' : 'failed',
        reason,
        dropped: [],
      });
    }),
  );
}

describe('RetirementBrake', () => {
  it('lets twenty go however many were sent, and no more', async () => {
    await sends(20, 'token_unregistered');
    expect(await brake().holds(ACCOUNT)).toBe(false);
    await sends(1, 'token_invalid');
    expect(await brake().holds(ACCOUNT)).toBe(true);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        ...ACCOUNT,
        sends: 21,
        dead: 21,
        limit: 20,
        msg: 'device.retirement_braked',
      }),
    ]);
    const text = await metrics.registry.metrics();
    expect(text).toContain('bellhop_retirements_braked_total{app="app123",provider="default",kind="fcm"} 1');
    expect(text).toMatch(
      /last_braked_timestamp_seconds\{app="app123",provider="default",kind="fcm"\} \d{10}/,
    );
  });

  it('lets a tenth of the sends go, and no more', async () => {
    await sends(270, null);
    await sends(30, 'token_unregistered');
    expect(await brake().holds(ACCOUNT)).toBe(false);
    await sends(4, 'token_unregistered');
    expect(await brake().holds(ACCOUNT)).toBe(true);
  });

  it('counts neither what was refused for another reason, nor other accounts, nor what is long past', async () => {
    await sends(40, 'message_refused');
    await sends(40, 'token_unregistered', { appId: 'app456' });
    await sends(40, 'token_unregistered', { provider: 'other' });
    await sends(40, 'token_unregistered', { kind: 'apns' });
    expect(await brake().holds(ACCOUNT)).toBe(false);
    await sends(40, 'token_unregistered');
    expect(await brake().holds(ACCOUNT)).toBe(true);
    await database.sql.query(`UPDATE attempt SET started_at = now() - interval '301 seconds'`);
    expect(await brake().holds(ACCOUNT)).toBe(false);
  });

  it('counts again before it lets more go than it has counted for', async () => {
    await sends(18, 'token_unregistered');
    const own = brake();
    for (let i = 0; i < 2; i++) expect(await own.holds(ACCOUNT)).toBe(false);
    await sends(10, 'token_unregistered');
    expect(await own.holds(ACCOUNT)).toBe(true);
  });
});
