import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Ledger } from '../../../src/deliveries/ledger.js';
import { ProviderStateRepository } from '../../../src/deliveries/provider-state.repository.js';
import { ProviderCheckRepository } from '../../../src/deliveries/provider-check.repository.js';
import type { DeviceProviderAccount } from '../../../src/deliveries/records.js';
import type { Reason } from '../../../src/domain/reason.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { BrakedAccounts } from '../../../src/live/status/braked-accounts.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { RetirementBrake, type Condemned } from '../../../src/recipients/planning/retirement-brake.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let ledger: Ledger;
let states: ProviderStateRepository;
let lines: string[];
let metrics: Metrics;
beforeAll(async () => {
  database = await startDatabase();
  ledger = new Ledger(database.sql, database.prisma, config);
  states = new ProviderStateRepository(database.sql, database.prisma);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql.query('TRUNCATE notification, delivery, attempt, provider_release');
  lines = [];
  metrics = new Metrics();
});

describe('RetirementBrake', () => {
  it('allows twenty retirements regardless of the number of pushes', async () => {
    await sends(20, 'token_unregistered');
    expect(await isHeld(brake())).toBe(false);
    await sends(1, 'token_invalid');
    expect(await isHeld(brake())).toBe(true);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        appId: 'app123',
        provider: 'default',
        kind: 'fcm',
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

  it('allows retirements for a tenth of the pushes', async () => {
    await sends(270, null);
    await sends(30, 'token_unregistered');
    expect(await isHeld(brake())).toBe(false);
    await sends(4, 'token_unregistered');
    expect(await isHeld(brake())).toBe(true);
  });

  it('ignores refusals for other reasons, other accounts and old attempts', async () => {
    await sends(40, 'message_refused');
    await sends(40, 'token_unregistered', { appId: 'app456' });
    await sends(40, 'token_unregistered', { provider: 'other' });
    await sends(40, 'token_unregistered', { kind: 'apns' });
    expect(await isHeld(brake())).toBe(false);
    await sends(40, 'token_unregistered');
    expect(await isHeld(brake())).toBe(true);
    await database.sql.query(`UPDATE attempt SET started_at = now() - interval '301 seconds'`);
    expect(await isHeld(brake())).toBe(false);
  });

  it('counts again before it exceeds the number it has counted for', async () => {
    await sends(18, 'token_unregistered');
    const own = brake();
    for (let i = 0; i < 2; i++) expect(await isHeld(own)).toBe(false);
    await sends(10, 'token_unregistered');
    expect(await isHeld(own)).toBe(true);
  });
});

describe('RetirementBrake while too many devices are reported as dead', () => {
  /** Pushes to all devices. @returns the dead ones that were retired afterwards. */
  async function round(
    dead: readonly string[],
    alive: readonly string[],
    trickle = 0,
    change: Partial<Condemned> = {},
  ): Promise<string[]> {
    await sends(alive.length, null, {}, alive);
    await sends(dead.length, 'token_unregistered', {}, dead);
    const own = brake(trickle);
    const retired: string[] = [];
    for (const id of dead) if (!(await own.holds(ACCOUNT, condemned(id, change)))) retired.push(id);
    return retired;
  }

  it('retires devices that are refused repeatedly while most others are accepted', async () => {
    const alive = devicesOf(70);
    let left = devicesOf(30);
    const counts: number[] = [];
    for (let i = 0; i < 8; i++) {
      const retired = await round(left, alive);
      left = left.filter((id) => !retired.includes(id));
      counts.push(left.length);
    }
    expect(counts).toEqual([30, 30, 0, 0, 0, 0, 0, 0]);
  });

  it('retires no device while no push is accepted', async () => {
    const all = devicesOf(30);
    for (let i = 0; i < 5; i++) expect(await round(all, [], 10)).toEqual([]);
  });

  it('ignores refusals before an accepted push or the latest registration', async () => {
    const alive = devicesOf(70);
    const dead = devicesOf(30);
    await round(dead, alive);
    await round(dead, alive);
    expect(await round(dead, alive, 0, { registeredAt: new Date() })).toEqual([]);
    await sends(dead.length, null, {}, dead);
    expect(await round(dead, alive)).toEqual([]);
    await round(dead, alive);
    expect(await round(dead, alive)).toHaveLength(30);
  });

  it('allows a few retirements per hour', async () => {
    expect(await round(devicesOf(30), devicesOf(70), 4)).toHaveLength(4);
  });

  it('allows no retirement if hardly any push is accepted', async () => {
    expect(await round(devicesOf(30), devicesOf(3), 4)).toEqual([]);
  });

  it("allows all retirements once an operator has closed the account's breaker", async () => {
    const dead = devicesOf(30);
    expect(await round(dead, [])).toEqual([]);
    await states.closeByOperator({ appId: ACCOUNT.appId, channel: 'push', provider: 'other' });
    expect(await round(dead, [])).toEqual([]);
    await states.closeByOperator({ appId: ACCOUNT.appId, channel: 'push', provider: ACCOUNT.provider });
    expect(await round(dead, [])).toHaveLength(30);
    await database.sql.query(`UPDATE provider_release SET released_at = now() - interval '61 minutes'`);
    expect(await round(dead, [])).toEqual([]);
  });
});

describe('RetirementBrake for refusals that may mean a wrong account', () => {
  const doubtful = (deviceId: string): Condemned => condemned(deviceId, { accountMayBeWrong: true });

  it('keeps a device until both the account and the refusal are proven', async () => {
    const [device = ''] = devicesOf(1);
    for (let i = 0; i < 3; i++) {
      await sends(1, 'token_invalid', {}, [device]);
      expect(await brake(10).holds(ACCOUNT, doubtful(device))).toBe('unproven');
    }
    await sends(10, null);
    expect(await brake().holds(ACCOUNT, doubtful(device))).toBeUndefined();
    const [once = ''] = devicesOf(1);
    await sends(1, 'token_invalid', {}, [once]);
    expect(await brake().holds(ACCOUNT, doubtful(once))).toBe('unproven');
  });
});

describe('BrakedAccounts', () => {
  const braked = (): Promise<readonly DeviceProviderAccount[]> =>
    new BrakedAccounts(config, ledger, states, new ProviderCheckRepository(database.sql)).all();

  it('shows the accounts whose brake is engaged, until an operator releases them', async () => {
    await sends(20, 'token_unregistered');
    expect(await braked()).toEqual([]);
    await sends(1, 'token_unregistered');
    await sends(30, null, { kind: 'webpush' });
    expect(await braked()).toEqual([ACCOUNT]);
    await states.closeByOperator(ACCOUNT);
    expect(await braked()).toEqual([]);
  });
});

const ACCOUNT: DeviceProviderAccount = { appId: 'app123', channel: 'push', provider: 'default', kind: 'fcm' };
/** @param trickle devices per hour. */
const configOf = (trickle: number): GatewayConfig => {
  const config = Object.assign(new GatewayConfig(), { apps: [] });
  config.devices.brake.tricklePerHour = trickle;
  return config;
};
const config = configOf(0);

/** A brake without state, as in a new process. */
const brake = (trickle = 0): RetirementBrake =>
  new RetirementBrake(
    configOf(trickle),
    ledger,
    states,
    metrics,
    pino({ level: 'error' }, { write: (line) => lines.push(line) }),
  );

/** A device of Ann's that its vendor reports as dead. */
const condemned = (deviceId = newId(), change: Partial<Condemned> = {}): Condemned => ({
  deviceId,
  uid: 'ann',
  registeredAt: new Date(Date.now() - 3_600_000),
  accountMayBeWrong: false,
  ...change,
});
const isHeld = async (of: RetirementBrake): Promise<boolean> =>
  (await of.holds(ACCOUNT, condemned())) !== undefined;
const devicesOf = (count: number): string[] => Array.from({ length: count }, () => newId());

/** Records one push per device with this result; null means accepted. */
async function sends(
  count: number,
  reason: Reason | null,
  change: Partial<DeviceProviderAccount> = {},
  devices: readonly string[] = devicesOf(count),
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
  const deliveries = devices.map(() => ({
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
      if (claim.state !== 'claimed') throw new Error(`Unexpected claim state: ${claim.state}`);
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
  // Set afterwards, because a claim would look up the devices.
  await database.sql.query(
    'UPDATE delivery d SET device_id = s.device FROM unnest($1::uuid[], $2::uuid[]) AS s(id, device) WHERE d.id = s.id',
    [deliveries.map(({ id }) => id), devices],
  );
}
