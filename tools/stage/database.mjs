import pg from 'pg';
import '../../scripts/typescript/register.mjs';
import { APP_ID, userUid } from './app.mjs';
import { goOn } from './children.mjs';
import { parentOf } from './os-processes.mjs';

const { makePartitions, partitionDays } = await import('../../src/deliveries/sql/partitions.sql.js');
const { migrate } = await import('../../src/platform/database/migrate.js');

/** `data` of each past notification, as long as that of this run. */
const CONTENT = JSON.stringify({
  to: { uid: 'x' },
  notificationDetails: { type: 'chat', body: 'y'.repeat(1_000) },
});
/** Days over which past events are spread; fewer than the ledger keeps. */
export const PAST_DAYS = 25;
/** Partition length with the default retention. */
const PARTITION_DAYS = partitionDays(30);
const MS_PER_DAY = 86_400_000;

const INSERT_DEVICES = `
INSERT INTO device (id, app_id, uid, platform, transport, provider_id, token, token_hash, session_id)
SELECT gen_random_uuid(), $1, replace($2, 'N', lpad(n::text, 9, '0')), 'fcm_android', 'fcm', 'default',
       token, sha256(convert_to(token, 'UTF8')), 'session-' || n
FROM generate_series($3::bigint, $4::bigint - 1) AS n, LATERAL (SELECT repeat('t', 140) || lpad(n::text, 10, '0')) AS t(token)`;

/** Ids are in time order, as the gateway generates them; a delivery may share its notification's id. */
const INSERT_PAST = `
WITH past AS MATERIALIZED (
  SELECT n, at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5('n' || n), 1, 3)
                 || '8' || substr(md5('m' || n), 1, 15))::uuid AS id
  FROM generate_series($1::bigint, $2::bigint - 1) AS n,
       LATERAL (SELECT now() - make_interval(days => $4::int) * (1 - n::float8 / $3::float8) - interval '1 day') AS t(at)
), notifications AS (
  INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, settled_at)
  SELECT id, $5, 'push', 'chat', replace($6, 'N', lpad((n % $7::bigint)::text, 9, '0')), 'sent', $8, at, at FROM past
), deliveries AS (
  INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, attempts, expires_at, settled_at)
  SELECT id, id, 'default', 'fcm', gen_random_uuid(), jsonb_build_object('token', repeat('t', 150)), 'sent', 1,
         at + interval '1 day', at
  FROM past
)
INSERT INTO attempt (delivery_id, attempt, provider, outcome, vendor_message_id, started_at, duration_ms)
SELECT id, 1, 'default', 'accepted', 'projects/p/messages/' || n, at, 50 FROM past`;

/** Rows per statement. */
const STEP = 50_000;
let databases = 0;

/**
 * Creates a migrated, empty database.
 *
 * @param {string} serverUrl
 * @returns {Promise<string>} its URL
 */
export async function createDatabase(serverUrl) {
  const name = `bench_${++databases}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href, 'prisma/migrations');
  return url.href;
}

/** @param {string} serverUrl @param {string} databaseUrl no longer in use */
export async function dropDatabase(serverUrl, databaseUrl) {
  const name = new URL(databaseUrl).pathname.slice(1);
  await withClient(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
}

/**
 * Fills a database like that of a gateway that has run for weeks: one device per user, and one delivery and one attempt
 * per past notification.
 *
 * @param {string} databaseUrl
 * @param {{ appId?: string, people: number, pastNotifications: number }} size
 */
export async function fill(databaseUrl, { appId = APP_ID, people, pastNotifications }) {
  const uid = userUid('N');
  await withClient(databaseUrl, async (client) => {
    for (let at = 0; at < people; at += STEP) {
      goOn();
      await client.query(INSERT_DEVICES, [appId, uid, at, Math.min(people, at + STEP)]);
    }
    await makePastPartitions(databaseUrl);
    for (let at = 0; at < pastNotifications; at += STEP) {
      goOn();
      const end = Math.min(pastNotifications, at + STEP);
      await client.query(INSERT_PAST, [at, end, pastNotifications, PAST_DAYS, appId, uid, people, CONTENT]);
    }
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
  });
}

const LEDGER_SIZE = `
  SELECT (SELECT count(*) FROM notification)::int AS notifications,
         (SELECT sum(pg_total_relation_size(relid)) FROM unnest('{notification,delivery,attempt}'::regclass[]) AS ledger,
                 pg_partition_tree(ledger))::float8 AS bytes,
         (pg_current_wal_insert_lsn() - '0/0')::float8 AS logged`;

/**
 * Size of the ledger including indexes, and the write-ahead log written so far, in bytes.
 *
 * @param {string} databaseUrl
 * @returns {Promise<{ notifications: number, bytes: number, logged: number }>}
 */
export const ledgerSize = (databaseUrl) =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query(LEDGER_SIZE);
    return /** @type {{ notifications: number, bytes: number, logged: number }} */ (rows[0]);
  });

/**
 * Transactions committed in a database. Sessions report theirs with a delay of up to `STATISTICS_DELAY_MS`.
 *
 * @param {string} databaseUrl
 * @returns {Promise<number>}
 */
export const transactionsIn = (databaseUrl) =>
  withClient(databaseUrl, async (client) => {
    const { rows } = await client.query(
      'SELECT xact_commit::float8 AS count FROM pg_stat_database WHERE datname = current_database()',
    );
    return /** @type {{ count: number }} */ (rows[0]).count;
  });

/** An idle session reports its statistics after 10 s. */
export const STATISTICS_DELAY_MS = 11_000;

/** @param {string} url @returns {Promise<number>} first process of the server */
export const serverPid = (url) =>
  withClient(url, async (client) => {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    return parentOf(/** @type {{ pid: number }} */ (rows[0]).pid) ?? 0;
  });

/** Creates the partitions of past days. @param {string} url */
export async function makePastPartitions(url) {
  const sql = new pg.Pool({ connectionString: url, max: 1 });
  try {
    for (let days = PAST_DAYS + 1; days >= 0; days--) {
      await makePartitions(sql, PARTITION_DAYS, new Date(Date.now() - days * MS_PER_DAY));
    }
  } finally {
    await sql.end();
  }
}

/**
 * @template T
 * @param {string} url
 * @param {(client: pg.Client) => Promise<T>} use
 */
export async function withClient(url, use) {
  const client = new pg.Client({ connectionString: url });
  // A lost connection fails the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
