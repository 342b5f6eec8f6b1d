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

let postgres: TestPostgres;
let sql: pg.Pool;
let states: ProviderStateRepository;
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  // The server may close before the pool's last idle connection does.
  sql.on('error', () => undefined);
  states = new ProviderStateRepository(sql, prismaOn(sql));
});
afterAll(async () => {
  await sql.end();
  await postgres.close();
});
// Two breakers on one database, as in two worker processes.
let breakers: [ProviderCircuitBreaker, ProviderCircuitBreaker];
beforeEach(async () => {
  await sql.query('DELETE FROM provider_state');
  const make = (): ProviderCircuitBreaker =>
    new ProviderCircuitBreaker(states, new Metrics(), pino({ level: 'silent' }));
  breakers = [make(), make()];
});
afterEach(() => {
  jest.restoreAllMocks();
  breakers.forEach((breaker) => breaker.beforeApplicationShutdown());
});

describe('ProviderCircuitBreaker, closed and open', () => {
  it('stays closed while single deliveries fail', async () => {
    const [breaker] = breakers;
    await failTimes(breaker, 9);
    await breaker.recordOutcome(account, accepted, deliveryTo());
    await failTimes(breaker, 9);
    expect(await breaker.acquire(account, deliveryTo())).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('closes in every process when an operator closes it', async () => {
    stopClock();
    await failTimes(breakers[0], 10);
    // Both have read the open state.
    await Promise.all(breakers.map((breaker) => breaker.onApplicationBootstrap()));
    for (const breaker of breakers) expect(breaker.waitFor(account, deliveryTo())).toBeGreaterThan(0);
    await states.closeByOperator(account);
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 1);
    await Promise.all(breakers.map((breaker) => breaker.onApplicationBootstrap()));
    for (const breaker of breakers) expect(breaker.waitFor(account, deliveryTo())).toBe(0);
  });

  it('opens after ten consecutive failures, in every process and for this account only', async () => {
    stopClock();
    await failTimes(breakers[0], 10);
    expect(breakers[0].waitFor(account, deliveryTo())).toBeGreaterThanOrEqual(2_000);
    expect(await breakers[0].acquire(account, deliveryTo())).toBeGreaterThanOrEqual(2_000);
    expect(await openForMs()).toEqual({ probe: 2_000, until: 2_000 });
    await sql.query(`UPDATE provider_state SET probe_at = now() + interval '1 minute'`);
    await readDatabase();
    expect(breakers[1].waitFor(account, deliveryTo())).toBeGreaterThan(2_000);
    expect(await breakers[0].acquire(another, deliveryTo())).toBe(0);
    expect(await breakers[0].acquire({ ...account, channel: 'sms' }, deliveryTo())).toBe(0);
    expect(await states.held()).toMatchObject([{ ...account, state: 'open', failures: 1 }]);
  });

  it('returns waits in whole milliseconds', async () => {
    await failTimes(breakers[0], 10);
    for (let i = 0; i < 50; i++) {
      expect(Number.isInteger(breakers[0].waitFor(account, deliveryTo()))).toBe(true);
      expect(Number.isInteger(await breakers[0].acquire(account, deliveryTo()))).toBe(true);
    }
  });

  it('stays closed while only one or two addresses fail', async () => {
    const [breaker] = breakers;
    for (const address of ['one', 'two', 'one', 'two'])
      await failTimes(breaker, 20, down, () => deliveryTo({ address }));
    expect(await states.held()).toEqual([]);
    await failTimes(breaker, 1);
    expect(await states.held()).toMatchObject([{ state: 'open' }]);
  });

  it('opens when the vendor cannot be reached at all, even for a single address', async () => {
    const unreached = new ProviderUnavailable({ vendorCode: 'ECONNREFUSED', isUnreached: true });
    await failTimes(breakers[0], 10, unreached, () => deliveryTo({ address: 'one' }));
    expect(await states.held()).toMatchObject([{ state: 'open', failedAddress: null }]);
  });

  it('does not wait longer because more deliveries were in flight when it opened', async () => {
    await failTimes(breakers[0], 100);
    expect(await states.held()).toMatchObject([{ state: 'open', failures: 1 }]);
    expect(await openForMs()).toEqual({ probe: 2_000, until: 2_000 });
  });

  it('opens in its own process while the database is down', async () => {
    const broken = new pg.Pool({
      connectionString: 'postgresql://127.0.0.1:1/none',
      connectionTimeoutMillis: 500,
    });
    const unreachable = new ProviderStateRepository(broken, prismaOn(broken));
    const breaker = new ProviderCircuitBreaker(unreachable, new Metrics(), pino({ level: 'silent' }));
    stopClock();
    await failTimes(breaker, 10);
    expect(await breaker.acquire(account, deliveryTo())).toBeGreaterThanOrEqual(2_000);
    await broken.end();
  });

  it('stays closed for errors that concern one address, the configuration or Bellhop itself', async () => {
    const [breaker] = breakers;
    await failTimes(breaker, 20, new ProviderUnavailable({ vendorCode: '503', addressOnly: true }));
    const rate = { vendorCode: '429', retryAfterMs: 5_000, addressOnly: true };
    await failTimes(breaker, 20, new ProviderOverQuota(rate));
    await failTimes(breaker, 20, new ProviderMisconfigured({ vendorCode: '401' }));
    await failTimes(breaker, 20, new TypeError('an internal error'));
    expect(await breaker.acquire(account, deliveryTo())).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('is deleted after a long time without deliveries', async () => {
    await failTimes(breakers[0], 10);
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

describe('ProviderCircuitBreaker, half-open', () => {
  it('permits one probe over all processes, and closes when it succeeds', async () => {
    await failTimes(breakers[0], 10);
    await letProbe();
    const tries = await Promise.all(
      ([0, 1, 0, 1, 0, 1] as const).map(async (of) => {
        const guarded = deliveryTo();
        return { breaker: breakers[of], guarded, waitMs: await breakers[of].acquire(account, guarded) };
      }),
    );
    const [probe, ...more] = tries.filter(({ waitMs }) => waitMs === 0);
    expect(more).toEqual([]);
    await probe?.breaker.recordOutcome(account, accepted, probe.guarded);
    await probe?.breaker.returnPermit(probe.guarded.deliveryId);
    expect(await states.held()).toEqual([]);
    expect(await probe?.breaker.acquire(account, deliveryTo())).toBe(0);
    // The other process closes when it next reads the database.
    await readDatabase();
    for (const breaker of breakers) expect(breaker.waitFor(account, deliveryTo())).toBe(0);
  });

  it('doubles the open interval with each failed probe, up to 30 s', async () => {
    const [breaker] = breakers;
    await failTimes(breaker, 10);
    const openTimes: unknown[] = [];
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      await letProbe();
      await send(breaker, down);
      openTimes.push(await openForMs());
      waits.push(await breaker.acquire(account, deliveryTo()));
    }
    const expected = [4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
    expect(openTimes).toEqual(expected.map((ms) => ({ probe: ms, until: ms })));
    waits.forEach((wait, i) => expect(wait).toBeLessThanOrEqual((expected[i] ?? 0) + 2_000));
  });

  it.each<[string, SendResult | Error | undefined]>([
    ['was never sent', undefined],
    ['was aborted', new SendAborted()],
    ['failed with an internal error', new TypeError('x')],
    ['failed because of its address', new ProviderUnavailable({ vendorCode: 'x', addressOnly: true })],
  ])('passes the probe on to the next delivery, in any process, if the first %s', async (_what, ended) => {
    await failTimes(breakers[0], 10);
    await letProbe();
    const guarded = deliveryTo();
    expect(await breakers[0].acquire(account, guarded)).toBe(0);
    expect(await breakers[0].acquire(account, deliveryTo())).toBeGreaterThan(0);
    if (ended) await breakers[0].recordOutcome(account, ended, guarded);
    await breakers[0].returnPermit(guarded.deliveryId);
    expect(await states.held()).toMatchObject([{ state: 'open', failures: 1, probeInMs: 0 }]);
    await readDatabase();
    expect(await breakers[1].acquire(account, deliveryTo())).toBe(0);
  });

  it('closes when the vendor answers that the credentials are wrong', async () => {
    await failTimes(breakers[0], 10);
    await letProbe();
    await send(breakers[0], new ProviderMisconfigured({ vendorCode: '401' }));
    expect(await states.held()).toEqual([]);
  });

  it('permits another probe 3 s after the probing process crashed', async () => {
    await failTimes(breakers[0], 10);
    await letProbe();
    expect(await breakers[0].acquire(account, deliveryTo())).toBe(0);
    expect(await openForMs()).toEqual({ probe: 3_000, until: expect.any(Number) });
    await letProbe();
    expect(await breakers[1].acquire(account, deliveryTo())).toBe(0);
  });

  it('prefers a probe to another address than the last one that failed', async () => {
    const [breaker] = breakers;
    await failTimes(breaker, 10);
    await letProbe();
    await send(breaker, down, deliveryTo({ address: 'broken' }));
    await letProbe();
    expect(await breaker.acquire(account, deliveryTo({ address: 'broken' }))).toBeGreaterThan(0);
    expect(await breaker.acquire(account, deliveryTo({ address: 'another' }))).toBe(0);
  });
});

describe('ProviderCircuitBreaker, rate-limited', () => {
  it('pauses an account for as long as the vendor asks', async () => {
    const [breaker] = breakers;
    const clock = stopClock();
    await breaker.recordOutcome(account, overQuota(5_000), deliveryTo());
    const wait = breaker.waitFor(account, deliveryTo());
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThanOrEqual(7_000);
    clock.mockRestore();
    expect(await states.held()).toMatchObject([{ state: 'paused' }]);
    await letPauseEnd();
    expect(await breaker.acquire(account, deliveryTo())).toBe(0);
    expect(await states.held()).toEqual([]);
  });

  it('pauses for a minute at most, and probes at growing intervals meanwhile', async () => {
    const [breaker] = breakers;
    await breaker.recordOutcome(account, overQuota(86_400_000), deliveryTo());
    expect(await openForMs()).toEqual({ probe: 5_000, until: 60_000 });
    for (const probe of [10_000, 20_000, 40_000, 60_000]) {
      await letProbe();
      await send(breaker, overQuota(86_400_000));
      expect(await openForMs()).toEqual({ probe, until: 60_000 });
    }
    await letProbe();
    await send(breaker, accepted);
    expect(await states.held()).toEqual([]);
  });

  it('stays paused when a request from before the pause succeeds', async () => {
    const [breaker] = breakers;
    await breaker.recordOutcome(account, overQuota(5_000), deliveryTo());
    await breaker.recordOutcome(account, accepted, deliveryTo());
    expect(await states.held()).toMatchObject([{ state: 'paused' }]);
  });

  it('permits rings, and closes when one is accepted', async () => {
    const [breaker] = breakers;
    await breaker.recordOutcome(account, overQuota(60_000), deliveryTo());
    expect(await breaker.acquire(account, deliveryTo())).toBeGreaterThan(0);
    for (let i = 0; i < 10; i++) expect(breaker.waitFor(account, ring())).toBe(0);
    await send(breaker, accepted, ring());
    expect(await states.held()).toEqual([]);
  });

  it('pauses when several addresses in a row report a quota that may concern the account', async () => {
    const [breaker] = breakers;
    const rate = { vendorCode: '429', retryAfterMs: 5_000, addressOnly: true, maybeAccount: true };
    await failTimes(breaker, 50, new ProviderOverQuota(rate), () => deliveryTo({ address: 'chatty' }));
    expect(await states.held()).toEqual([]);
    await failTimes(breaker, 9, new ProviderOverQuota(rate));
    expect(await states.held()).toMatchObject([{ state: 'paused' }]);
  });
});

describe('ProviderCircuitBreaker, while rings are sent', () => {
  it('permits each ring once per interval, a few at once', async () => {
    const [breaker] = breakers;
    await failTimes(breaker, 10);
    const [first, ...others] = Array.from({ length: 6 }, ring) as [GuardedDelivery, ...GuardedDelivery[]];
    await send(breaker, down, first);
    expect(breaker.waitFor(account, first)).toBeGreaterThan(0);
    const waits = await Promise.all(others.map((guarded) => breaker.acquire(account, guarded)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(4);
    // Further failures of rings do not extend the interval.
    expect(await states.held()).toMatchObject([{ failures: 1 }]);
    await letProbe();
    await send(breaker, down);
    for (const { deliveryId } of others) await breaker.returnPermit(deliveryId);
    expect(await breaker.acquire(account, first)).toBe(0);
  });

  it('closes when a ring is accepted', async () => {
    await failTimes(breakers[0], 10);
    await send(breakers[0], accepted, ring());
    expect(await states.held()).toEqual([]);
  });
});

const account: ProviderAccount = { appId: 'app123', channel: 'push', provider: 'default' };
const another: ProviderAccount = { ...account, appId: 'app456' };
const down = new ProviderUnavailable({ vendorCode: '503' });
const accepted = { outcome: 'accepted', vendorMessageId: 'm' } as const;
const overQuota = (retryAfterMs: number): ProviderOverQuota =>
  new ProviderOverQuota({ vendorCode: '429', retryAfterMs });

let count = 0;
/** A delivery to a new address, unless `change` names one. */
const deliveryTo = (change: Partial<GuardedDelivery> = {}): GuardedDelivery => {
  count += 1;
  return { deliveryId: `delivery-${count}`, address: `address-${count}`, isUrgent: false, ...change };
};
const ring = (): GuardedDelivery => deliveryTo({ isUrgent: true });

/** Stops the clock that a breaker measures with, so that a slow test lets nothing expire. */
const stopClock = () => jest.spyOn(performance, 'now').mockReturnValue(performance.now());

const failTimes = async (
  breaker: ProviderCircuitBreaker,
  times: number,
  error: Error = down,
  guarded: () => GuardedDelivery = deliveryTo,
): Promise<void> => {
  for (let i = 0; i < times; i++) await breaker.recordOutcome(account, error, guarded());
};
/** Passes one delivery through the breaker, including its outcome. */
const send = async (
  breaker: ProviderCircuitBreaker,
  ended: SendResult | Error,
  guarded = deliveryTo(),
): Promise<void> => {
  expect(await breaker.acquire(account, guarded)).toBe(0);
  await breaker.recordOutcome(account, ended, guarded);
  await breaker.returnPermit(guarded.deliveryId);
};
/** Durations until the next probe and until the account closes, by the database clock. */
const openForMs = async (): Promise<{ probe: number; until: number } | undefined> => {
  const { rows } = await sql.query<{ probe: number; until: number }>(
    `SELECT (extract(epoch FROM probe_at - updated_at) * 1000)::int AS probe,
            (extract(epoch FROM until - updated_at) * 1000)::int AS until FROM provider_state`,
  );
  return rows[0];
};
const readDatabase = async (): Promise<unknown> =>
  Promise.all(breakers.map((breaker) => breaker.onApplicationBootstrap()));
/** Advances time until an account may be probed. */
const letProbe = async (): Promise<void> => {
  await sql.query(`UPDATE provider_state SET probe_at = now() - interval '1 millisecond'`);
  await readDatabase();
};
/** Advances time until an account closes. */
const letPauseEnd = async (): Promise<void> => {
  await sql.query(`UPDATE provider_state SET until = now() - interval '1 millisecond'`);
  await letProbe();
};
