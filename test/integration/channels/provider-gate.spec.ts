import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { ProviderGate } from '../../../src/channels/provider-gate.js';
import { ProviderStates, type Account } from '../../../src/deliveries/provider-states.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
} from '../../../src/domain/outcome.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

const account: Account = { appId: 'app123', channel: 'push', provider: 'default' };
const another: Account = { ...account, appId: 'app456' };
const down = new ProviderUnavailable({ vendorCode: '503' });
const accepted = { outcome: 'accepted', vendorMessageId: 'm' } as const;

let postgres: TestPostgres;
let sql: pg.Pool;
let states: ProviderStates;
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  // The server ends before the last idle connection has said goodbye.
  sql.on('error', () => undefined);
  states = new ProviderStates(sql);
});
afterAll(async () => {
  await sql.end();
  await postgres.close();
});

// Two gates on one database: what two worker processes have.
let gates: [ProviderGate, ProviderGate];
beforeEach(async () => {
  await sql.query('DELETE FROM provider_state');
  const make = (): ProviderGate => new ProviderGate(states, new Metrics(), pino({ level: 'silent' }));
  gates = [make(), make()];
});
afterEach(() => {
  jest.restoreAllMocks();
  gates.forEach((gate) => gate.beforeApplicationShutdown());
});

/** Stops the clock by which a gate measures: however slow the test, nothing is over by then. */
const stopClock = () => jest.spyOn(performance, 'now').mockReturnValue(performance.now());

const failTimes = async (gate: ProviderGate, times: number, error: Error = down): Promise<void> => {
  for (let i = 0; i < times; i++) await gate.learn(account, error);
};
/** For how long the account was held last, by the database's clock. */
const heldForMs = async (): Promise<number> => {
  const { rows } = await sql.query<{ ms: number }>(
    'SELECT (extract(epoch FROM until - updated_at) * 1000)::int AS ms FROM provider_state',
  );
  return rows[0]?.ms ?? Number.NaN;
};
/** Lets the time pass for which an account is held. */
const letHoldEnd = async (): Promise<void> => {
  await sql.query(`UPDATE provider_state SET until = now() - interval '1 millisecond'`);
  await Promise.all(gates.map((gate) => gate.onApplicationBootstrap()));
};

describe('an account', () => {
  it('is let through while it works, and after single failures', async () => {
    const [gate] = gates;
    await failTimes(gate, 9);
    await gate.learn(account, accepted);
    await failTimes(gate, 9);
    expect(await gate.waitFor(account)).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('that an operator releases is let through at once, by every process', async () => {
    stopClock();
    await failTimes(gates[0], 10);
    // Both have read that it is held.
    await Promise.all(gates.map((gate) => gate.onApplicationBootstrap()));
    for (const gate of gates) expect(await gate.waitFor(account)).toBeGreaterThan(0);
    await states.releaseByHand(account);
    await Promise.all(gates.map((gate) => gate.onApplicationBootstrap()));
    for (const gate of gates) expect(await gate.waitFor(account)).toBe(0);
  });

  it('that fails ten times in a row is left alone, by every process, and no other account is', async () => {
    stopClock();
    await failTimes(gates[0], 10);
    expect(await gates[0].waitFor(account)).toBeGreaterThanOrEqual(2_000);
    expect(await heldForMs()).toBe(2_000);
    await sql.query(`UPDATE provider_state SET until = now() + interval '1 minute'`);
    await gates[1].onApplicationBootstrap();
    expect(await gates[1].waitFor(account)).toBeGreaterThan(2_000);
    expect(await gates[0].waitFor(another)).toBe(0);
    expect(await gates[0].waitFor({ ...account, channel: 'sms' })).toBe(0);
    expect(await states.held()).toMatchObject([{ ...account, state: 'open', failures: 1 }]);
  });

  it('is not left alone for longer because more was under way when it began to fail', async () => {
    await failTimes(gates[0], 100);
    expect(await states.held()).toMatchObject([{ state: 'open', failures: 1 }]);
    expect(await heldForMs()).toBe(2_000);
  });

  it('is then tried by one, over all processes, and let through when that works', async () => {
    await failTimes(gates[0], 10);
    await letHoldEnd();
    const waits = await Promise.all([0, 1, 0, 1, 0, 1].map((i) => gates[i as 0 | 1].waitFor(account)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(1);
    await gates[waits.indexOf(0) % 2 === 0 ? 0 : 1].learn(account, accepted);
    expect(await states.held()).toEqual([]);
    expect(await gates[waits.indexOf(0) % 2 === 0 ? 0 : 1].waitFor(account)).toBe(0);
  });

  it('is left alone for twice as long each time the one who tries it fails', async () => {
    const [gate] = gates;
    await failTimes(gate, 10);
    const helds: number[] = [];
    for (let i = 0; i < 6; i++) {
      await letHoldEnd();
      expect(await gate.waitFor(account)).toBe(0);
      await gate.learn(account, down);
      helds.push(await heldForMs());
    }
    // The one who tries has 15 s for it; what is longer than that is the breaker's own.
    expect(helds.slice(2)).toEqual([16_000, 30_000, 30_000, 30_000]);
  });

  it('that is over quota is left alone for as long as it asks', async () => {
    const [gate] = gates;
    const clock = stopClock();
    await gate.learn(account, new ProviderOverQuota({ vendorCode: '429', retryAfterMs: 5_000 }));
    const wait = await gate.waitFor(account);
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThanOrEqual(7_000);
    clock.mockRestore();
    expect(await states.held()).toMatchObject([{ state: 'paused' }]);
    await letHoldEnd();
    expect(await gate.waitFor(account)).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('is not held for what concerns one address, our settings, or a fault of ours', async () => {
    const [gate] = gates;
    await failTimes(gate, 20, new ProviderUnavailable({ vendorCode: '503', addressOnly: true }));
    await gate.learn(
      account,
      new ProviderOverQuota({ vendorCode: '429', retryAfterMs: 5_000, addressOnly: true }),
    );
    await failTimes(gate, 20, new ProviderMisconfigured({ vendorCode: '401' }));
    await failTimes(gate, 20, new TypeError('a fault of ours'));
    expect(await gate.waitFor(account)).toBe(0);
  });

  it('is held by the process that found out, also while the database is away', async () => {
    const broken = new pg.Pool({
      connectionString: 'postgresql://127.0.0.1:1/none',
      connectionTimeoutMillis: 500,
    });
    const gate = new ProviderGate(new ProviderStates(broken), new Metrics(), pino({ level: 'silent' }));
    stopClock();
    await failTimes(gate, 10);
    expect(await gate.waitFor(account)).toBeGreaterThanOrEqual(2_000);
    await broken.end();
  });
});
