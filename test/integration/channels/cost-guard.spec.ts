import { setImmediate as nextTick } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { CostGuard, type Reservation, type Reserved } from '../../../src/channels/sms/guard/cost-guard.js';
import { CallbackNonceRepository } from '../../../src/channels/sms/callbacks/callback-nonce.repository.js';
import { SmsUpkeep } from '../../../src/channels/sms/sms-upkeep.js';
import type { GuardedSms } from '../../../src/channels/sms/guard/limits-of.js';
import { AppSettings } from '../../../src/platform/config/app-settings.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { SmsGuardSettings, SmsPumpingSettings } from '../../../src/platform/config/sms-settings.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { prismaOn } from '../../support/database.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

let postgres: TestPostgres;
let pools: [pg.Pool, pg.Pool];
let lines: string[];
beforeAll(async () => {
  postgres = await startPostgres();
  const connect = (): pg.Pool => {
    const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
    // The server may close before the pool's last idle connection does.
    pool.on('error', () => undefined);
    return pool;
  };
  pools = [connect(), connect()];
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.close();
});
beforeEach(async () => {
  await pools[0].query('TRUNCATE sms_counter');
  lines = [];
});

describe('a limit on the number of SMS', () => {
  it('holds exactly over two processes at once', async () => {
    const guards = guardsWith({ perAppPerMonth: { texts: 137 } });
    const answers = await reserveAll(guards, 2_000, (index) => ({ uid: `user-${index}` }));
    expect(allowed(answers)).toHaveLength(137);
    expect(await counterOf('app_month')).toMatchObject({ texts: 137 });
    const refused = answers.find((answer) => !answer.allowed);
    expect(refused).toEqual({ allowed: false, reason: 'limit_reached', limit: 'perAppPerMonth.texts' });
  });

  it('holds for each user separately, and counts no refused SMS', async () => {
    const guards = guardsWith({ perPersonPerHour: { texts: 3 }, perAppPerMonth: { texts: 1_000 } });
    const answers = await reserveAll(guards, 500, (index) => ({
      uid: `user-${index % 50}`,
      phno: `+1415555${1_000 + (index % 50)}`,
    }));
    const uids = allowed(answers).map((reservation) => reservation.text.uid);
    expect(uids).toHaveLength(150);
    for (const uid of uids) expect(uids.filter((other) => other === uid)).toHaveLength(3);
    expect(await counterOf('app_month')).toMatchObject({ texts: 150 });
  });

  it('holds for a number shared by several users, and for a user whose number changes', async () => {
    const guards = guardsWith({ perPersonPerHour: { texts: 5 }, perPersonPerDay: { money: 0.7 } });
    const shared = await reserveAll(guards, 40, (index) => ({ uid: `user-${index}` }));
    expect(allowed(shared)).toHaveLength(5);
    expect(shared.at(-1)).toMatchObject({ limit: 'perPersonPerHour.texts' });
    const moving = await reserveAll(guards, 40, (index) => ({ phno: `+1415555${2_000 + index}` }));
    expect(allowed(moving)).toHaveLength(5);
    await advance(70);
    expect(allowed(await reserveAll(guards, 40, (index) => ({ uid: `other-${index}` })))).toHaveLength(2);
    const { rows } = await pools[0].query<{ key: string }>('SELECT DISTINCT key FROM sms_counter');
    expect(rows.filter(({ key }) => key.includes('415555'))).toEqual([]);
  });

  it('holds for each conversation, user and app separately', async () => {
    const guards = guardsWith({ perConversationPerDay: { texts: 1 } });
    const answers = await Promise.all(
      [
        sms(),
        sms(),
        sms({ uid: 'bob' }),
        sms({ uid: 'bob' }),
        sms({ conversation: 'group_2' }),
        sms({ appId: 'app456' }),
        sms({ conversation: undefined }),
        sms({ conversation: undefined }),
      ].map((own) => guards[0].guard.reserve(own)),
    );
    expect(answers.map((answer) => answer.allowed)).toEqual([
      ...[true, false, true, false],
      ...[true, true, true, true],
    ]);
  });

  it('serves concurrent requests in order of arrival', async () => {
    const [one] = guardsWith({ perAppPerMonth: { texts: 400 } });
    const answers = await reserveAll([one], 1_000);
    expect(answers.findIndex((answer) => !answer.allowed)).toBe(400);
    expect(allowed(answers)).toHaveLength(400);
  });

  it('applies to a user per hour and per day', async () => {
    const [one] = guardsWith({ perPersonPerHour: { texts: 2 }, perPersonPerDay: { texts: 3 } });
    expect(allowed(await reserveAll([one], 5))).toHaveLength(2);
    await advance(50);
    expect(allowed(await reserveAll([one], 5))).toHaveLength(0);
    await advance(15);
    const later = await reserveAll([one], 5);
    expect(allowed(later)).toHaveLength(1);
    expect(later.at(-1)).toMatchObject({ limit: 'perPersonPerDay.texts' });
    await advance(20 * 60);
    expect(allowed(await reserveAll([one], 5))).toHaveLength(0);
    await advance(7 * 60);
    expect(allowed(await reserveAll([one], 5))).toHaveLength(2);
  });

  it('of a month starts again with the next month', async () => {
    const [one] = guardsWith({ perAppPerMonth: { texts: 2 } });
    expect(allowed(await reserveAll([one], 5))).toHaveLength(2);
    await pools[0].query(`UPDATE sms_counter SET window_start = window_start - interval '1 month'`);
    expect(allowed(await reserveAll([one], 5))).toHaveLength(2);
  });
});

describe('a limit on the cost of SMS', () => {
  it('holds exactly over two processes at once', async () => {
    const guards = guardsWith({ perAppPerMonth: { money: 50 } });
    const answers = await reserveAll(guards, 1_500, (index) => ({ segments: 1 + (index % 3) }));
    const spent = allowed(answers).reduce((sum, { cost }) => sum + (cost?.micros ?? 0), 0);
    // An SMS of a single segment still fits where one of three no longer does.
    expect(spent).toBe(50_000_000);
    expect(await counterOf('app_month_money')).toMatchObject({ micros: 50_000_000 });
    expect(answers.find((answer) => !answer.allowed)).toMatchObject({ limit: 'perAppPerMonth.money' });
  });

  it('counts only SMS with a price', async () => {
    const [one] = guardsWith({ perAppPerMonth: { money: 0.1 } });
    const answers = await reserveAll([one], 10, (index) => ({ country: index < 5 ? 'FR' : 'US' }));
    expect(answers.map((answer) => answer.allowed)).toEqual([
      ...[true, true, true, true, true],
      ...[true, false, false, false, false],
    ]);
    expect(answers[0]).toMatchObject({ cost: null });
    expect(answers[5]).toMatchObject({ cost: { micros: 100_000, currency: 'USD' } });
  });
});

describe('a reservation of the cost guard', () => {
  it('restores the capacity of every limit when it is released', async () => {
    const guards = guardsWith({
      perPersonPerHour: { texts: 20 },
      perPersonPerDay: { money: 2 },
      perAppPerMonth: { texts: 20, money: 2 },
      pumping: Object.assign(new SmsPumpingSettings(), { texts: 20 }),
    });
    const held = allowed(await reserveAll(guards, 30));
    expect(held).toHaveLength(20);
    // Any process may release a reservation, not only the one that made it.
    await Promise.all(held.slice(0, 7).map((own, index) => (guards[index % 2] as Guard).guard.release(own)));
    expect(await counterOf('app_month')).toMatchObject({ texts: 13, micros: 1_300_000 });
    expect(await counterOf('app_month_money')).toMatchObject({ texts: 13, micros: 1_300_000 });
    expect(await counterOf('prefix', '+14155550')).toMatchObject({ texts: 13 });
    expect(allowed(await reserveAll(guards, 30))).toHaveLength(7);
  });

  it('can be released while others are made, without exceeding the limit', async () => {
    const guards = guardsWith({ perPersonPerHour: { texts: 1_000 }, perAppPerMonth: { texts: 10 } });
    let held = 0;
    let most = 0;
    let count = 0;
    const work = async (worker: number): Promise<void> => {
      const { guard } = guards[worker % 2] as Guard;
      for (let round = 0; round < 20; round++) {
        const answer = await guard.reserve(sms({ uid: `user-${worker % 7}` }));
        if (!answer.allowed) continue;
        count++;
        most = Math.max(most, ++held);
        await nextTick();
        held--;
        await guard.release(answer.reservation);
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, worker) => work(worker)));
    expect(most).toBe(10);
    expect(count).toBeGreaterThan(10);
    expect(await counterOf('app_month')).toMatchObject({ texts: 0 });
  });

  it('is released from the window in which it was counted', async () => {
    const [one] = guardsWith({ perPersonPerHour: { texts: 2 } });
    const [first] = allowed(await reserveAll([one], 1));
    if (!first) throw new Error('The SMS was refused.');
    // Counted an hour ago: nothing to release from the current window.
    await advance(70);
    expect(allowed(await reserveAll([one], 2))).toHaveLength(2);
    const [before] = first.counted;
    if (!before) throw new Error('No counter was changed.');
    const windowStart = new Date(before.windowStart.getTime() - 70 * 60_000);
    await one.guard.release({ ...first, counted: [{ ...before, windowStart }] });
    expect(allowed(await reserveAll([one], 1))).toHaveLength(0);
  });

  it('is kept for a process that starts later', async () => {
    await reserveAll(guardsWith({ perAppPerMonth: { texts: 10 } }), 9);
    const restarted = guardOn(pools[1], { perAppPerMonth: { texts: 10 } });
    expect(allowed(await reserveAll([restarted], 5))).toHaveLength(1);
  });

  it('appears in the metrics once it is spent', async () => {
    const [{ guard, metrics }] = guardsWith({ perAppPerMonth: { texts: 10 } });
    const [first, second] = allowed(
      await Promise.all([
        guard.reserve(sms({ segments: 3 })),
        guard.reserve(sms({ segments: 2, country: null })),
      ]),
    );
    if (!first || !second) throw new Error('An SMS was refused.');
    guard.spent(first);
    guard.spent(second);
    const shown = await metrics.registry.metrics();
    expect(shown).toContain('bellhop_sms_segments_total{app="app123",provider="twilio",country="US"} 3');
    expect(shown).toContain('bellhop_sms_segments_total{app="app123",provider="twilio",country=""} 2');
    const cost = [...shown.matchAll(/^bellhop_sms_cost_total\{(.+)\} (.+)$/gm)].map(
      ([, ...series]) => series,
    );
    expect(cost).toEqual([
      ['app="app123",provider="twilio",country="US",currency="USD"', expect.stringMatching(/^0\.\d+$/)],
    ]);
  });
});

describe('the log of the cost guard', () => {
  it('reports an approached and a reached limit once over both processes', async () => {
    const guards = guardsWith({ perAppPerMonth: { texts: 100, money: 1_000 } });
    await reserveAll(guards, 79);
    expect(logged()).toEqual([]);
    await reserveAll(guards, 20);
    expect(logged()).toEqual([
      expect.objectContaining({
        level: 40,
        msg: 'sms.limit_near',
        appId: 'app123',
        limit: 'perAppPerMonth.texts',
        used: 80,
        of: 100,
      }),
    ]);
    await reserveAll(guards, 500);
    expect(logged().slice(1)).toEqual([
      expect.objectContaining({ level: 50, msg: 'sms.limit_reached', used: 100, of: 100 }),
    ]);
    await reserveAll(guardsWith({ perAppPerMonth: { texts: 100 } }), 10);
    expect(events()).toHaveLength(2);
  });

  it('reports a limit again in the next window', async () => {
    const guards = guardsWith({ perPersonPerHour: { texts: 5 } });
    await reserveAll(guards, 50);
    await advance(70);
    await reserveAll(guards, 50);
    const both = ['sms.limit_near', 'sms.limit_reached'];
    expect(new Set(events().slice(0, 2))).toEqual(new Set(both));
    expect(new Set(events().slice(2))).toEqual(new Set(both));
    expect(events()).toHaveLength(4);
  });

  it('reports money in its currency', async () => {
    await reserveAll(guardsWith({ currency: 'EUR', perAppPerMonth: { money: 0.5 } }), 6);
    expect(bySeverity()).toEqual([
      expect.objectContaining({
        msg: 'sms.limit_near',
        limit: 'perAppPerMonth.money',
        used: 0.4,
        of: 0.5,
        currency: 'EUR',
      }),
      expect.objectContaining({ msg: 'sms.limit_reached', used: 0.5, of: 0.5, currency: 'EUR' }),
    ]);
  });

  it('contains no user, conversation or number, and the metrics count what was stopped', async () => {
    const [one] = guardsWith({
      perPersonPerHour: { texts: 5 },
      pumping: Object.assign(new SmsPumpingSettings(), { texts: 4 }),
    });
    await reserveAll([one], 6);
    await reserveAll([one], 9, () => ({ phno: '+4915112345678' }));
    const log = lines.join('');
    for (const secret of ['ann', 'group_1', '4155550', '15112345']) expect(log).not.toContain(secret);
    const shown = await one.metrics.registry.metrics();
    expect(shown).toContain('bellhop_sms_guard_stopped_total{app="app123",limit="pumping"} 2');
    expect(shown).toContain('bellhop_sms_guard_stopped_total{app="app123",limit="perPersonPerHour.texts"} 8');
  });
});

describe('the limit against SMS pumping', () => {
  const pumping = Object.assign(new SmsPumpingSettings(), { texts: 500 });

  it('stops fifty thousand SMS to one prefix at the limit, whatever their recipients', async () => {
    const guards = guardsWith({ pumping });
    const answers = await reserveAll(guards, 50_000, (index) => ({
      uid: `user-${index}`,
      conversation: `user_${index}`,
      phno: `+1415555${String(index % 1_000).padStart(4, '0')}`,
    }));
    expect(allowed(answers)).toHaveLength(500);
    expect(await counterOf('prefix', '+14155550')).toMatchObject({ texts: 500 });
    expect(answers.at(-1)).toEqual({ allowed: false, reason: 'pumping_suspected', limit: 'pumping' });
    expect(bySeverity()).toEqual([
      expect.objectContaining({ level: 40, msg: 'sms.limit_near', limit: 'pumping', prefix: '+1415…' }),
      expect.objectContaining({
        level: 50,
        msg: 'sms.pumping_suspected',
        limit: 'pumping',
        prefix: '+1415…',
      }),
    ]);
    const shown = await Promise.all(guards.map(({ metrics }) => metrics.registry.metrics()));
    for (const page of shown)
      expect(page).toMatch(
        /bellhop_sms_pumping_last_suspected_timestamp_seconds\{app="app123"\} \d{10}(\.\d+)?\n/,
      );
  });

  it('does not affect other prefixes, and ends with its window', async () => {
    const [one] = guardsWith({ pumping });
    expect(allowed(await reserveAll([one], 600))).toHaveLength(500);
    expect(allowed(await reserveAll([one], 600, () => ({ phno: '+14155560100' })))).toHaveLength(500);
    await advance(66);
    expect(allowed(await reserveAll([one], 600))).toHaveLength(500);
  });
});

describe('the breakGlass setting', () => {
  it('permits every SMS, counts it, and logs the overrun once', async () => {
    const settings = { perAppPerMonth: { texts: 10 } };
    const [one] = guardsWith({ ...settings, breakGlass: true });
    expect(allowed(await reserveAll([one], 1_000))).toHaveLength(1_000);
    expect(await counterOf('app_month')).toMatchObject({ texts: 1_000 });
    expect(logged()).toEqual([
      expect.objectContaining({ level: 40, msg: 'sms.limit_near', used: 8 }),
      expect.objectContaining({ level: 40, msg: 'sms.limit_overrun', used: 10, of: 10 }),
    ]);
    // Without breakGlass, the guard stops at once and logs the limit as reached.
    expect(allowed(await reserveAll(guardsWith(settings), 10))).toEqual([]);
    expect(events()).toEqual(['sms.limit_near', 'sms.limit_overrun', 'sms.limit_reached']);
  });
});

describe('the database of the cost guard', () => {
  it('is not used if no limit is set', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgresql://127.0.0.1:1/none' });
    const { guard } = guardOn(nowhere, {});
    const answer = await guard.reserve(sms({ segments: 2 }));
    expect(answer).toMatchObject({ allowed: true, cost: { micros: 200_000, currency: 'USD' } });
    if (answer.allowed) await guard.release(answer.reservation);
    await nowhere.end();
  });

  it('stops every SMS while it is down', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgresql://127.0.0.1:1/none' });
    const { guard } = guardOn(nowhere, { perAppPerMonth: { texts: 10 } });
    await expect(guard.reserve(sms())).rejects.toThrow('ECONNREFUSED');
    await nowhere.end();
  });

  it('counts nothing for a statement that is cut off, and counts on afterwards', async () => {
    const [one] = guardsWith({ perAppPerMonth: { texts: 10 } });
    const holder = await pools[1].connect();
    await holder.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('sms app123', 0))`);
    const answer = one.guard.reserve(sms()).catch((error: unknown) => error);
    for (let ended = 0; ended === 0;) {
      const { rowCount } = await holder.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks
         WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      ended = rowCount ?? 0;
    }
    expect(await answer).toMatchObject({ message: expect.stringContaining('terminating connection') });
    await holder.query('COMMIT');
    holder.release();
    expect(await counterOf('app_month')).toBeUndefined();
    expect(allowed(await reserveAll([one], 20))).toHaveLength(10);
  });
});

describe('the counters of the cost guard', () => {
  it("are deleted when they are older than every limit's window", async () => {
    const upkeep = new SmsUpkeep(pools[0], new CallbackNonceRepository(pools[0], prismaOn(pools[0])), logger);
    const [one] = guardsWith({ perAppPerMonth: { texts: 10 }, perPersonPerHour: { texts: 10 } });
    await reserveAll([one], 3);
    await pools[0].query(
      `INSERT INTO sms_counter (app_id, scope, key, window_start)
       SELECT 'app123', 'person_hour', i::text, now() - i * interval '1 day' - interval '1 hour' FROM generate_series(30, 60) AS i`,
    );
    await upkeep.prune();
    const { rows } = await pools[0].query<{ key: string }>(
      `SELECT key FROM sms_counter WHERE scope = 'person_hour' AND key <> 'ann' ORDER BY key`,
    );
    expect(rows.map(({ key }) => Number(key))).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
    expect(await counterOf('app_month')).toMatchObject({ texts: 3 });
    expect(logged()).toEqual([expect.objectContaining({ msg: 'sms.counters_pruned', counters: 21 })]);
  });
});

const logger = pino({ level: 'info' }, { write: (line) => lines.push(line) });

const NO_PUMPING_LIMIT = Object.assign(new SmsPumpingSettings(), { texts: 0 });
const PRICES = [{ countries: ['US'], perSegment: 0.1 }];

interface Guard {
  readonly guard: CostGuard;
  readonly metrics: Metrics;
}

function guardOn(sql: pg.Pool, settings: Partial<SmsGuardSettings>): Guard {
  const apps = ['app123', 'app456'].map((appId) => {
    const app = Object.assign(new AppSettings(), { appId });
    Object.assign(app.sms.guard, { prices: PRICES, pumping: NO_PUMPING_LIMIT }, settings);
    return app;
  });
  const metrics = new Metrics();
  const guard = new CostGuard(sql, Object.assign(new GatewayConfig(), { apps }), metrics, logger);
  return { guard, metrics };
}
/** Two guards with a pool each, as in two processes. */
const guardsWith = (settings: Partial<SmsGuardSettings>): [Guard, Guard] => [
  guardOn(pools[0], settings),
  guardOn(pools[1], settings),
];

const sms = (change: Partial<GuardedSms> = {}): GuardedSms => ({
  appId: 'app123',
  uid: 'ann',
  conversation: 'group_1',
  phno: '+14155550100',
  provider: 'twilio',
  country: 'US',
  segments: 1,
  ...change,
});

/** Requests `count` reservations, alternating between the guards, without waiting for an answer. */
const reserveAll = (
  guards: readonly Guard[],
  count: number,
  make: (index: number) => Partial<GuardedSms> = () => ({}),
): Promise<Reserved[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => {
      const { guard } = guards[index % guards.length] as Guard;
      return guard.reserve(sms(make(index)));
    }),
  );
const allowed = (answers: readonly Reserved[]): Reservation[] =>
  answers.flatMap((answer) => (answer.allowed ? [answer.reservation] : []));
const logged = (): Record<string, unknown>[] =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>);
/** Sorted by severity: the two guards log independently, so their order is undefined. */
const bySeverity = (): Record<string, unknown>[] =>
  logged().toSorted((a, b) => Number(a['level']) - Number(b['level']));
const events = (): unknown[] => logged().map(({ msg }) => msg);

const counterOf = async (scope: string, key = ''): Promise<{ texts: number; micros: number } | undefined> => {
  const { rows } = await pools[0].query<{ texts: number; micros: number }>(
    `SELECT sum(texts)::int AS texts, sum(cost_micros)::float8 AS micros FROM sms_counter
     WHERE app_id = 'app123' AND scope = $1 AND key = $2 GROUP BY app_id`,
    [scope, key],
  );
  return rows[0];
};
/** Advances time for everything counted so far. */
const advance = (minutes: number) =>
  pools[0].query(`UPDATE sms_counter SET window_start = window_start - $1 * interval '1 minute'`, [minutes]);
