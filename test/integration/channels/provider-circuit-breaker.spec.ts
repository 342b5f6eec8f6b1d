import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import type { GuardedDelivery } from '../../../src/channels/guarded-delivery.js';
import { ProviderCircuitBreaker } from '../../../src/channels/provider-circuit-breaker.js';
import {
  ProviderStateRepository,
  type ProviderAccount,
} from '../../../src/deliveries/provider-state.repository.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  SendAborted,
  type SendResult,
} from '../../../src/domain/outcome.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { prismaOn } from '../../support/database.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

const account: ProviderAccount = { appId: 'app123', channel: 'push', provider: 'default' };
const another: ProviderAccount = { ...account, appId: 'app456' };
const down = new ProviderUnavailable({ vendorCode: '503' });
const accepted = { outcome: 'accepted', vendorMessageId: 'm' } as const;
const overQuota = (retryAfterMs: number): ProviderOverQuota =>
  new ProviderOverQuota({ vendorCode: '429', retryAfterMs });

let count = 0;
/** A delivery to an address of its own, unless it is told to which one. */
const someone = (change: Partial<GuardedDelivery> = {}): GuardedDelivery => {
  count += 1;
  return { deliveryId: `delivery-${count}`, address: `address-${count}`, isUrgent: false, ...change };
};
const ring = (): GuardedDelivery => someone({ isUrgent: true });

let postgres: TestPostgres;
let sql: pg.Pool;
let states: ProviderStateRepository;
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  // The server ends before the last idle connection has said goodbye.
  sql.on('error', () => undefined);
  states = new ProviderStateRepository(sql, prismaOn(sql));
});
afterAll(async () => {
  await sql.end();
  await postgres.close();
});

// Two gates on one database: what two worker processes have.
let gates: [ProviderCircuitBreaker, ProviderCircuitBreaker];
beforeEach(async () => {
  await sql.query('DELETE FROM provider_state');
  const make = (): ProviderCircuitBreaker =>
    new ProviderCircuitBreaker(states, new Metrics(), pino({ level: 'silent' }));
  gates = [make(), make()];
});
afterEach(() => {
  jest.restoreAllMocks();
  gates.forEach((breaker) => breaker.beforeApplicationShutdown());
});

/** Stops the clock by which a gate measures: however slow the test, nothing is over by then. */
const stopClock = () => jest.spyOn(performance, 'now').mockReturnValue(performance.now());

const failTimes = async (
  breaker: ProviderCircuitBreaker,
  times: number,
  error: Error = down,
  guarded: () => GuardedDelivery = someone,
): Promise<void> => {
  for (let i = 0; i < times; i++) await breaker.recordOutcome(account, error, guarded());
};
/** Has one delivery go as far as its call to the vendor. */
const send = async (
  breaker: ProviderCircuitBreaker,
  ended: SendResult | Error,
  guarded = someone(),
): Promise<void> => {
  expect(await breaker.acquire(account, guarded)).toBe(0);
  await breaker.recordOutcome(account, ended, guarded);
  await breaker.returnPermit(guarded.deliveryId);
};
/** For how long the account is held, by the database's clock; until its probe, and for good. */
const heldForMs = async (): Promise<{ probe: number; until: number } | undefined> => {
  const { rows } = await sql.query<{ probe: number; until: number }>(
    `SELECT (extract(epoch FROM probe_at - updated_at) * 1000)::int AS probe,
            (extract(epoch FROM until - updated_at) * 1000)::int AS until FROM provider_state`,
  );
  return rows[0];
};
const readDatabase = async (): Promise<unknown> =>
  Promise.all(gates.map((breaker) => breaker.onApplicationBootstrap()));
/** Lets the time pass until an account may be probed. */
const letProbe = async (): Promise<void> => {
  await sql.query(`UPDATE provider_state SET probe_at = now() - interval '1 millisecond'`);
  await readDatabase();
};
/** Lets the time pass for which an account is held. */
const letHoldEnd = async (): Promise<void> => {
  await sql.query(`UPDATE provider_state SET until = now() - interval '1 millisecond'`);
  await letProbe();
};

describe('an account', () => {
  it('is let through while it works, and after single failures', async () => {
    const [breaker] = gates;
    await failTimes(breaker, 9);
    await breaker.recordOutcome(account, accepted, someone());
    await failTimes(breaker, 9);
    expect(await breaker.acquire(account, someone())).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('that an operator releases is let through at once, by every process', async () => {
    stopClock();
    await failTimes(gates[0], 10);
    // Both have read that it is held.
    await Promise.all(gates.map((breaker) => breaker.onApplicationBootstrap()));
    for (const breaker of gates) expect(breaker.waitFor(account, someone())).toBeGreaterThan(0);
    await states.closeByOperator(account);
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1);
    await Promise.all(gates.map((breaker) => breaker.onApplicationBootstrap()));
    for (const breaker of gates) expect(breaker.waitFor(account, someone())).toBe(0);
  });

  it('that fails ten times in a row is left alone, by every process, and no other account is', async () => {
    stopClock();
    await failTimes(gates[0], 10);
    expect(gates[0].waitFor(account, someone())).toBeGreaterThanOrEqual(2_000);
    expect(await gates[0].acquire(account, someone())).toBeGreaterThanOrEqual(2_000);
    expect(await heldForMs()).toEqual({ probe: 2_000, until: 2_000 });
    await sql.query(`UPDATE provider_state SET probe_at = now() + interval '1 minute'`);
    await readDatabase();
    expect(gates[1].waitFor(account, someone())).toBeGreaterThan(2_000);
    expect(await gates[0].acquire(another, someone())).toBe(0);
    expect(await gates[0].acquire({ ...account, channel: 'sms' }, someone())).toBe(0);
    expect(await states.held()).toMatchObject([{ ...account, state: 'open', failures: 1 }]);
  });

  it('waits for whole milliseconds', async () => {
    await failTimes(gates[0], 10);
    for (let i = 0; i < 50; i++) {
      expect(Number.isInteger(gates[0].waitFor(account, someone()))).toBe(true);
      expect(Number.isInteger(await gates[0].acquire(account, someone()))).toBe(true);
    }
  });

  it('is not left alone because one or two addresses fail, however often', async () => {
    const [breaker] = gates;
    for (const address of ['one', 'two', 'one', 'two'])
      await failTimes(breaker, 20, down, () => someone({ address }));
    expect(await states.held()).toEqual([]);
    await failTimes(breaker, 1);
    expect(await states.held()).toMatchObject([{ state: 'open' }]);
  });

  it('that cannot be reached at all is left alone, whoever it was for', async () => {
    const unreached = new ProviderUnavailable({ vendorCode: 'ECONNREFUSED', isUnreached: true });
    await failTimes(gates[0], 10, unreached, () => someone({ address: 'one' }));
    expect(await states.held()).toMatchObject([{ state: 'open', failedAddress: null }]);
  });

  it('is not left alone for longer because more was under way when it began to fail', async () => {
    await failTimes(gates[0], 100);
    expect(await states.held()).toMatchObject([{ state: 'open', failures: 1 }]);
    expect(await heldForMs()).toEqual({ probe: 2_000, until: 2_000 });
  });

  it('is held by the process that found out, also while the database is away', async () => {
    const broken = new pg.Pool({
      connectionString: 'postgresql://127.0.0.1:1/none',
      connectionTimeoutMillis: 500,
    });
    const unreachable = new ProviderStateRepository(broken, prismaOn(broken));
    const breaker = new ProviderCircuitBreaker(unreachable, new Metrics(), pino({ level: 'silent' }));
    stopClock();
    await failTimes(breaker, 10);
    expect(await breaker.acquire(account, someone())).toBeGreaterThanOrEqual(2_000);
    await broken.end();
  });

  it('is not held for what concerns one address, our settings, or a fault of ours', async () => {
    const [breaker] = gates;
    await failTimes(breaker, 20, new ProviderUnavailable({ vendorCode: '503', addressOnly: true }));
    const rate = { vendorCode: '429', retryAfterMs: 5_000, addressOnly: true };
    await failTimes(breaker, 20, new ProviderOverQuota(rate));
    await failTimes(breaker, 20, new ProviderMisconfigured({ vendorCode: '401' }));
    await failTimes(breaker, 20, new TypeError('a fault of ours'));
    expect(await breaker.acquire(account, someone())).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('is forgotten when nothing was sent through it for long', async () => {
    await failTimes(gates[0], 10);
    await states.forget(3_600_000);
    expect(await states.held()).toHaveLength(1);
    await sql.query(
      `UPDATE provider_state SET until = now() - interval '2 hours', probe_at = now() - interval '2 hours',
              updated_at = now() - interval '2 hours'`,
    );
    await states.forget(3_600_000);
    expect(await states.held()).toEqual([]);
  });
});

describe('a probe', () => {
  it('is made by one, over all processes, and lets all through when it works', async () => {
    await failTimes(gates[0], 10);
    await letProbe();
    const tries = await Promise.all(
      ([0, 1, 0, 1, 0, 1] as const).map(async (of) => {
        const guarded = someone();
        return { breaker: gates[of], guarded, waitMs: await gates[of].acquire(account, guarded) };
      }),
    );
    const [probe, ...more] = tries.filter(({ waitMs }) => waitMs === 0);
    expect(more).toEqual([]);
    await probe?.breaker.recordOutcome(account, accepted, probe.guarded);
    await probe?.breaker.returnPermit(probe.guarded.deliveryId);
    expect(await states.held()).toEqual([]);
    expect(await probe?.breaker.acquire(account, someone())).toBe(0);
    // The other process finds out when it reads the database next.
    await readDatabase();
    for (const breaker of gates) expect(breaker.waitFor(account, someone())).toBe(0);
  });

  it('that fails opens it for twice as long each time, whatever time it had', async () => {
    const [breaker] = gates;
    await failTimes(breaker, 10);
    const helds: unknown[] = [];
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      await letProbe();
      await send(breaker, down);
      helds.push(await heldForMs());
      waits.push(await breaker.acquire(account, someone()));
    }
    const expected = [4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
    expect(helds).toEqual(expected.map((ms) => ({ probe: ms, until: ms })));
    waits.forEach((wait, i) => expect(wait).toBeLessThanOrEqual((expected[i] ?? 0) + 2_000));
  });

  it.each<[string, SendResult | Error | undefined]>([
    ['was never sent', undefined],
    ['was aborted', new SendAborted()],
    ['met a fault of ours', new TypeError('x')],
    ['failed for its address alone', new ProviderUnavailable({ vendorCode: 'x', addressOnly: true })],
  ])('that %s leaves the probe to the next delivery, also of another process', async (_what, ended) => {
    await failTimes(gates[0], 10);
    await letProbe();
    const guarded = someone();
    expect(await gates[0].acquire(account, guarded)).toBe(0);
    expect(await gates[0].acquire(account, someone())).toBeGreaterThan(0);
    if (ended) await gates[0].recordOutcome(account, ended, guarded);
    await gates[0].returnPermit(guarded.deliveryId);
    expect(await states.held()).toMatchObject([{ state: 'open', failures: 1, probeInMs: 0 }]);
    await readDatabase();
    expect(await gates[1].acquire(account, someone())).toBe(0);
  });

  it('that is answered with wrong credentials has found the vendor', async () => {
    await failTimes(gates[0], 10);
    await letProbe();
    await send(gates[0], new ProviderMisconfigured({ vendorCode: '401' }));
    expect(await states.held()).toEqual([]);
  });

  it('whose process died is followed by another one 3 s later', async () => {
    await failTimes(gates[0], 10);
    await letProbe();
    expect(await gates[0].acquire(account, someone())).toBe(0);
    expect(await heldForMs()).toEqual({ probe: 3_000, until: expect.any(Number) });
    await letProbe();
    expect(await gates[1].acquire(account, someone())).toBe(0);
  });

  it('is left to other addresses than the one that failed last, for a moment', async () => {
    const [breaker] = gates;
    await failTimes(breaker, 10);
    await letProbe();
    await send(breaker, down, someone({ address: 'broken' }));
    await letProbe();
    expect(await breaker.acquire(account, someone({ address: 'broken' }))).toBeGreaterThan(0);
    expect(await breaker.acquire(account, someone({ address: 'another' }))).toBe(0);
  });
});

describe('an account over quota', () => {
  it('is left alone for as long as it asks', async () => {
    const [breaker] = gates;
    const clock = stopClock();
    await breaker.recordOutcome(account, overQuota(5_000), someone());
    const wait = breaker.waitFor(account, someone());
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThanOrEqual(7_000);
    clock.mockRestore();
    expect(await states.held()).toMatchObject([{ state: 'paused' }]);
    await letHoldEnd();
    expect(await breaker.acquire(account, someone())).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('that asks for a day is left alone for a minute, and probed meanwhile, less and less often', async () => {
    const [breaker] = gates;
    await breaker.recordOutcome(account, overQuota(86_400_000), someone());
    expect(await heldForMs()).toEqual({ probe: 5_000, until: 60_000 });
    for (const probe of [10_000, 20_000, 40_000, 60_000]) {
      await letProbe();
      await send(breaker, overQuota(86_400_000));
      expect(await heldForMs()).toEqual({ probe, until: 60_000 });
    }
    await letProbe();
    await send(breaker, accepted);
    expect(await states.held()).toEqual([]);
  });

  it('stays paused whatever was under way before says', async () => {
    const [breaker] = gates;
    await breaker.recordOutcome(account, overQuota(5_000), someone());
    await breaker.recordOutcome(account, accepted, someone());
    expect(await states.held()).toMatchObject([{ state: 'paused' }]);
  });

  it('is let through by a ring, and well again when the ring is taken', async () => {
    const [breaker] = gates;
    await breaker.recordOutcome(account, overQuota(60_000), someone());
    expect(await breaker.acquire(account, someone())).toBeGreaterThan(0);
    for (let i = 0; i < 10; i++) expect(breaker.waitFor(account, ring())).toBe(0);
    await send(breaker, accepted, ring());
    expect(await states.held()).toEqual([]);
  });

  it('that may mean the address alone is paused where it says so of several in a row', async () => {
    const [breaker] = gates;
    const rate = { vendorCode: '429', retryAfterMs: 5_000, addressOnly: true, maybeAccount: true };
    await failTimes(breaker, 50, new ProviderOverQuota(rate), () => someone({ address: 'chatty' }));
    expect(await states.held()).toEqual([]);
    await failTimes(breaker, 9, new ProviderOverQuota(rate));
    expect(await states.held()).toMatchObject([{ state: 'paused' }]);
  });
});

describe('an open account', () => {
  it('is tried by each ring once an interval, a few at once', async () => {
    const [breaker] = gates;
    await failTimes(breaker, 10);
    const [first, ...others] = Array.from({ length: 6 }, ring) as [GuardedDelivery, ...GuardedDelivery[]];
    await send(breaker, down, first);
    expect(breaker.waitFor(account, first)).toBeGreaterThan(0);
    const waits = await Promise.all(others.map((guarded) => breaker.acquire(account, guarded)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(4);
    // It says nothing new that they fail as well.
    expect(await states.held()).toMatchObject([{ failures: 1 }]);
    await letProbe();
    await send(breaker, down);
    for (const { deliveryId } of others) await breaker.returnPermit(deliveryId);
    expect(await breaker.acquire(account, first)).toBe(0);
  });

  it('is well when a ring is taken', async () => {
    await failTimes(gates[0], 10);
    await send(gates[0], accepted, ring());
    expect(await states.held()).toEqual([]);
  });
});
