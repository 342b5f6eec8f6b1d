import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { AcceptedNotification, AttemptResult, Claim } from '../../../src/deliveries/records.js';
import { dropPartitions, makePartitions } from '../../../src/deliveries/sql/partitions.sql.js';
import type { ClaimedDelivery } from '../../../src/domain/delivery.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { firstIdAt, newId, newIdAfter } from '../../../src/platform/ids/new-id.js';
import { prismaOn, startDatabase, type TestDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';

let database: TestDatabase;
let ledger: Ledger;
beforeAll(async () => {
  database = await startDatabase();
  ledger = new Ledger(database.sql, database.prisma, config(15));
});
afterAll(() => database.close());
beforeEach(async () => {
  await dropPartitions(database.sql, new Date(8_640_000_000_000));
  await database.sql.query('TRUNCATE notification, delivery, attempt');
});

describe('a partition of the ledger', () => {
  it('holds the rows of its day, in all three tables', async () => {
    const now = new Date();
    await makePartitions(database.sql, 1, now);
    const today = TABLES.map((table) => `${table}_${dayOf(now)}`);
    expect(await partitionsOf(await storeDelivery(now))).toEqual(today);
    const tomorrow = daysFrom(now.getTime(), 1);
    expect(await partitionsOf(await storeDelivery(now, tomorrow))).toEqual([
      `notification_${dayOf(now)}`,
      `delivery_${dayOf(tomorrow)}`,
      `attempt_${dayOf(tomorrow)}`,
    ]);
  });

  it('has the keys and indexes of its table', async () => {
    await makePartitions(database.sql, 1);
    const indexes = await rows<{ table: string; count: number }>(
      `SELECT split_part(tablename, '_', 1) AS table, count(*)::int / count(DISTINCT tablename)::int AS count
       FROM pg_indexes WHERE tablename = ANY($1) GROUP BY 1 ORDER BY 1`,
      [(await partitions()).filter((name) => /\d$/.test(name))],
    );
    expect(indexes).toEqual([
      { table: 'attempt', count: 2 },
      { table: 'delivery', count: 3 },
      { table: 'notification', count: 3 },
    ]);
  });

  it('is created once by concurrent processes', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => makePartitions(database.sql, 1)));
    expect(made.flatMap(({ postponed }) => postponed)).toEqual([]);
    expect((await partitions()).filter((name) => /\d$/.test(name))).toHaveLength(9);
    expect((await makePartitions(database.sql, 1)).done).toEqual([]);
  });

  it('begins where the previous one ends, also after a change of length', async () => {
    const now = new Date();
    await makePartitions(database.sql, 1, now);
    await makePartitions(database.sql, 7, now);
    await makePartitions(database.sql, 2, daysFrom(now.getTime(), 10));
    const at = Array.from({ length: 12 }, (_, day) => daysFrom(now.getTime(), day));
    for (const moment of at) {
      expect(
        (await partitionsOf(await storeDelivery(moment))).filter((name) => name.endsWith('default')),
      ).toEqual([]);
    }
  });

  it('may be missing: the default partition holds the rows until it is created', async () => {
    const now = Date.now();
    const inAMonth = await storeDelivery(daysFrom(now, 31));
    const longAgo = await storeDelivery(daysFrom(now, -90));
    const defaults = TABLES.map((table) => `${table}_default`);
    expect([await partitionsOf(inAMonth), await partitionsOf(longAgo)]).toEqual([defaults, defaults]);
    await makePartitions(database.sql, 1, daysFrom(now, 31));
    expect(await partitionsOf(inAMonth)).toEqual(
      TABLES.map((table) => `${table}_${dayOf(daysFrom(now, 31))}`),
    );
    expect([await statusOf(inAMonth.id), await statusOf(longAgo.id)]).toEqual(['sent', 'sent']);
  });

  it('may be earlier than that of its notification when clocks differ', async () => {
    const now = Date.now();
    await makePartitions(database.sql, 1);
    const fromTheFuture = notificationAt(daysFrom(now, 31));
    const deliveryId = newIdAfter(fromTheFuture.id);
    expect(deliveryId > fromTheFuture.id).toBe(true);
    expect(await statusOf((await storeDelivery(new Date(now), new Date(now - 3_600_000))).id)).toBe('sent');
  });
});

describe('rows that are being moved to their partition', () => {
  /** Creates partitions, and runs statements while the rows of one table are about to move. */
  async function whileMoving<T>(table: string, statements: () => Promise<T>): Promise<T> {
    // An open reader delays the move.
    const reader = await database.sql.connect();
    await reader.query(`BEGIN; LOCK TABLE "${table}_default" IN ACCESS SHARE MODE`);
    const moved = makePartitions(database.sql, 1);
    await until(() => waiting(1), waitingLocks);
    const answers = statements();
    await until(() => waiting(2), waitingLocks);
    await reader.query('COMMIT');
    reader.release();
    expect((await moved).postponed).toEqual([]);
    return answers;
  }
  const waitingLocks = (): Promise<unknown[]> =>
    rows(
      `SELECT relation::regclass, mode FROM pg_locks
       WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
  const waiting = async (count: number): Promise<boolean> => (await waitingLocks()).length >= count;

  it.each(['delivery', 'attempt', 'notification'])(
    'are found by a claim that waits for the move: %s',
    async (table) => {
      const deliveryId = await planned();
      const claim = await whileMoving(table, () => ledger.claim(deliveryId));
      expect(claim.state).toBe('claimed');
    },
  );

  it.each(['delivery', 'attempt', 'notification'])(
    'are updated by a result that waits for the move: %s',
    async (table) => {
      const delivery = claimed(await ledger.claim(await planned()));
      await whileMoving(table, () => ledger.record(sent(delivery)));
      expect(await statusOf(delivery.notificationId)).toBe('sent');
      const attempts = await rows<{ outcome: string }>('SELECT outcome FROM attempt WHERE delivery_id = $1', [
        delivery.id,
      ]);
      expect(attempts).toEqual([{ outcome: 'accepted' }]);
    },
  );
});

describe('a statement on the partitioned ledger', () => {
  beforeEach(async () => {
    for (let day = -8; day <= 0; day++) await makePartitions(database.sql, 1, daysFrom(Date.now(), day));
    await rows(
      `WITH past AS MATERIALIZED (
         SELECT at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
                     || '8' || substr(md5(n::text), 4, 15))::uuid AS id
         FROM generate_series(1, 9000) n, LATERAL (SELECT now() - n * interval '77 seconds') AS t(at)
       ), notifications AS (
         INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, settled_at)
         SELECT id, 'app123', 'push', 'chat', 'bob', 'sent', repeat('x', 500), at, at FROM past
       ), deliveries AS (
         INSERT INTO delivery (id, notification_id, provider, kind, status, attempts, expires_at, settled_at)
         SELECT id, id, 'default', 'fcm', 'sent', 1, at, at FROM past
       )
       INSERT INTO attempt (delivery_id, attempt, provider, outcome, started_at, duration_ms)
       SELECT id, 1, 'default', 'accepted', at, 5 FROM past`,
    );
    await rows('ANALYZE notification, delivery, attempt');
  });

  it.each(['force_generic_plan', 'force_custom_plan'])(
    'reads only the partitions that can hold its ids: %s',
    async (mode) => {
      const now = new Date();
      const own = new pg.Pool({
        connectionString: database.url,
        max: 1,
        options: `-c plan_cache_mode=${mode}`,
      });
      // The server may close before the pool's last idle connection does.
      own.on('error', () => undefined);
      const before = await scans();
      await storeDelivery(now, now, new Ledger(own, prismaOn(own), config(15)));
      await own.query('SELECT pg_stat_force_next_flush()');
      await own.end();
      const after = await scans();
      const scanned = [...after].flatMap(([name, count]) => (count > (before.get(name) ?? 0) ? [name] : []));
      // Deliveries are searched from the day before their notification on.
      const days = [-1, 0, 1, 2].map((day) => dayOf(daysFrom(now.getTime(), day)));
      const deliveries = [...days, 'default'].map((day) => `delivery_${day}`);
      expect(scanned).toEqual(
        expect.arrayContaining([
          `attempt_${dayOf(now)}`,
          `delivery_${dayOf(now)}`,
          `notification_${dayOf(now)}`,
        ]),
      );
      const allowed = new Set([...deliveries, `attempt_${dayOf(now)}`, `notification_${dayOf(now)}`]);
      expect(scanned.filter((name) => !allowed.has(name))).toEqual([]);
    },
  );

  it('uses an index even if it was planned while the partitions were empty', async () => {
    await rows('TRUNCATE notification, delivery, attempt');
    const now = new Date();
    const own = new pg.Pool({ connectionString: database.url, max: 1 });
    own.on('error', () => undefined);
    const byOwn = new Ledger(own, prismaOn(own), config(15));
    // PostgreSQL decides after five executions whether to keep a generic plan.
    for (let i = 0; i < 10; i++) await storeDelivery(now, now, byOwn);
    await rows(
      `WITH filled AS MATERIALIZED (SELECT gen_random_uuid() AS random, $1::uuid AS first FROM generate_series(1, 9000)),
       ids AS (SELECT (left(first::text, 14) || '7' || substr(random::text, 16))::uuid AS id FROM filled),
       notifications AS (
         INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at)
         SELECT id, 'app123', 'push', 'chat', 'bob', 'sent', '{}', now() FROM ids),
       deliveries AS (
         INSERT INTO delivery (id, notification_id, provider, kind, status, attempts, expires_at)
         SELECT id, id, 'default', 'fcm', 'sent', 1, now() FROM ids)
       INSERT INTO attempt (delivery_id, attempt, provider, outcome, started_at, duration_ms)
       SELECT id, 1, 'default', 'accepted', now(), 5 FROM ids`,
      [firstIdAt(now)],
    );
    await own.query('SELECT pg_stat_force_next_flush()');
    const before = await rowsRead();
    await storeDelivery(now, now, byOwn);
    await own.query('SELECT pg_stat_force_next_flush()');
    await own.end();
    const read = (await rowsRead()) - before;
    expect(read).toBeLessThan(100);
  });

  /** Number of rows read by sequential scans. */
  async function rowsRead(): Promise<number> {
    const found = await rows<{ count: number }>(
      `SELECT sum(seq_tup_read)::int AS count FROM pg_stat_user_tables
       WHERE relname ~ '^(notification|delivery|attempt)_'`,
    );
    return found[0]?.count ?? 0;
  }

  async function scans(): Promise<Map<string, number>> {
    await rows('SELECT pg_stat_force_next_flush()');
    const found = await rows<{ name: string; count: number }>(
      `SELECT relname AS name, (seq_scan + idx_scan)::int AS count FROM pg_stat_user_tables
       WHERE relname ~ '^(notification|delivery|attempt)_'`,
    );
    return new Map(found.map(({ name, count }) => [name, count]));
  }
});

describe('Ledger.prune', () => {
  it('drops only the partitions whose rows have all expired', async () => {
    const now = Date.now();
    for (const day of [-18, -15, 0]) await makePartitions(database.sql, 1, daysFrom(now, day));
    const [old, last, fresh] = [
      await storeDelivery(daysFrom(now, -17)),
      await storeDelivery(daysFrom(now, -15)),
      await storeDelivery(new Date(now)),
    ];
    const { partitions: dropped, notifications } = await ledger.prune(daysFrom(now, -15));
    expect(dropped.postponed).toEqual([]);
    expect(dropped.done).toHaveLength(9);
    expect(notifications).toBe(0);
    expect([await statusOf(old.id), await statusOf(last.id), await statusOf(fresh.id)]).toEqual([
      undefined,
      'sent',
      'sent',
    ]);
    expect(await partitionsOf(old)).toEqual([]);
  });

  it('deletes rows of the default partition one by one', async () => {
    const now = Date.now();
    const [old, fresh] = [await storeDelivery(daysFrom(now, -40)), await storeDelivery(daysFrom(now, -10))];
    expect(await ledger.prune(daysFrom(now, -15))).toEqual({
      partitions: { done: [], postponed: [] },
      notifications: 1,
    });
    expect(await partitionsOf(old)).toEqual([]);
    expect(await partitionsOf(fresh)).toHaveLength(3);
  });

  it('neither waits for a long lock on a partition nor blocks other statements', async () => {
    const now = Date.now();
    await makePartitions(database.sql, 1, daysFrom(now, -20));
    const old = await storeDelivery(daysFrom(now, -20));
    const backup = await database.sql.connect();
    await backup.query('BEGIN; LOCK TABLE delivery IN ACCESS SHARE MODE');
    const [{ partitions: first }, fresh] = await Promise.all([
      ledger.prune(daysFrom(now, -15)),
      storeDelivery(new Date(now)),
    ]);
    expect(first.postponed.every((name) => name.startsWith('delivery'))).toBe(true);
    expect(first.postponed).toHaveLength(3);
    expect([await statusOf(old.id), await statusOf(fresh.id)]).toEqual([undefined, 'sent']);
    await backup.query('COMMIT');
    backup.release();
    const { partitions: second } = await ledger.prune(daysFrom(now, -15));
    expect(second).toEqual({ done: first.postponed, postponed: [] });
    expect(await partitionsOf(old)).toEqual([]);
  });

  it('coexists with the previous version, which deletes row by row', async () => {
    const now = Date.now();
    await makePartitions(database.sql, 1, daysFrom(now, -20));
    const [old, fresh] = [await storeDelivery(daysFrom(now, -20)), await storeDelivery(new Date(now))];
    const gone = await rows<{ count: number }>(
      `WITH old AS (SELECT id FROM notification WHERE id < $1::uuid ORDER BY id LIMIT 5000),
       old_deliveries AS (DELETE FROM delivery WHERE notification_id IN (SELECT id FROM old) RETURNING id),
       old_attempts AS (DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM old_deliveries)),
       gone AS (DELETE FROM notification WHERE id IN (SELECT id FROM old) RETURNING id)
       SELECT count(*)::int AS count FROM gone`,
      [firstIdAt(daysFrom(now, -15))],
    );
    expect(gone).toEqual([{ count: 1 }]);
    expect([await partitionsOf(old), (await partitionsOf(fresh)).length]).toEqual([[], 3]);
  });
});

const DAY_MS = 86_400_000;
const TABLES = ['notification', 'delivery', 'attempt'];
const daysFrom = (now: number, days: number): Date => new Date(now + days * DAY_MS);
const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10).replaceAll('-', '');

/** Retention of fifteen days: one partition a day. */
function config(retentionDays: number): GatewayConfig {
  return Object.assign(new GatewayConfig(), { apps: [], ledger: { retentionDays } });
}

function notificationAt(at: Date): AcceptedNotification {
  return {
    id: newId(at.getTime()),
    appId: 'app123',
    channel: 'push',
    kind: 'chat',
    uid: 'ann',
    receivedAt: at,
    content: '{}',
    expiresAt: daysFrom(Date.now(), 1),
  };
}
const claimed = (claim: Claim): ClaimedDelivery => {
  if (claim.state !== 'claimed') throw new Error(`Unexpected claim state: ${claim.state}`);
  return claim.delivery;
};
const sent = (of: ClaimedDelivery): AttemptResult => ({
  deliveryId: of.id,
  notificationId: of.notificationId,
  attempt: of.attempt,
  outcome: 'accepted',
  vendorCode: null,
  vendorMessageId: 'm1',
  durationMs: 5,
  status: 'sent',
  reason: null,
  dropped: [],
});

/** Plans one delivery. @returns its id. */
async function planned(accepted = notificationAt(new Date()), at = new Date(), by = ledger): Promise<string> {
  const id = newId(at.getTime());
  const address = { transport: 'fcm', token: 'a-token', platform: 'fcm_android' } as const;
  await by.plan(accepted, {
    deliveries: [{ id, provider: 'default', kind: 'fcm', deviceId: null, address }],
  });
  return id;
}

/** Plans, claims and records a delivery: one row in each table. */
async function storeDelivery(
  at: Date,
  plannedAt = at,
  by = ledger,
): Promise<{ id: string; deliveryId: string }> {
  const accepted = notificationAt(at);
  const deliveryId = await planned(accepted, plannedAt, by);
  await by.record(sent(claimed(await by.claim(deliveryId))));
  return { id: accepted.id, deliveryId };
}

async function rows<R>(text: string, values: unknown[] = []): Promise<R[]> {
  return (await database.sql.query(text, values)).rows as R[];
}
/** The partitions of a notification's three rows. */
async function partitionsOf({ id, deliveryId }: { id: string; deliveryId: string }): Promise<string[]> {
  const found = await rows<{ name: string }>(
    `SELECT tableoid::regclass::text AS name FROM notification WHERE id = $1
     UNION ALL SELECT tableoid::regclass::text FROM delivery WHERE id = $2
     UNION ALL SELECT tableoid::regclass::text FROM attempt WHERE delivery_id = $2`,
    [id, deliveryId],
  );
  return found.map(({ name }) => name);
}
async function partitions(): Promise<string[]> {
  const found = await rows<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits
     WHERE inhparent = ANY($1::regclass[]) ORDER BY 1`,
    [TABLES],
  );
  return found.map(({ name }) => name);
}
async function statusOf(id: string): Promise<string | undefined> {
  return (await rows<{ status: string }>('SELECT status FROM notification WHERE id = $1', [id]))[0]?.status;
}
