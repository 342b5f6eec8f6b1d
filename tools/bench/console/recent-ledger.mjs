import { APP_ID } from '../../stage/app.mjs';
import { withClient } from '../../stage/database.mjs';
import '../../../scripts/typescript/register.mjs';

/** Length of a documented webhook. */
const BODY = 'y'.repeat(900);

/** Pushes of this moment, each delivered at once. The second part of an id is random. */
const INSERT_NEW = `
WITH fresh AS MATERIALIZED (
  SELECT n, clock_timestamp() AS at,
         (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
          || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid AS id
  FROM generate_series(1, $2::int) AS n
), notifications AS (
  INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, settled_at, source, planned_at)
  SELECT id, $1, 'push', 'chat', 'user-' || lpad(n::text, 9, '0'), 'sent',
         '{"notificationDetails":{"body":"' || $3::text || '"}}', at, at, 'webhook', at
  FROM fresh
), deliveries AS (
  INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, attempts, expires_at, settled_at)
  SELECT id, id, 'default', 'fcm', gen_random_uuid(), jsonb_build_object('token', repeat('t', 150)), 'sent', 1,
         at + interval '1 day', at
  FROM fresh
)
INSERT INTO attempt (delivery_id, attempt, provider, outcome, vendor_message_id, started_at, duration_ms)
SELECT id, 1, 'default', 'accepted', 'projects/p/messages/' || id, at, 50 FROM fresh`;

/**
 * Writes new notifications to the ledger during `use`, as a worker would, at a steady rate.
 *
 * @template T
 * @param {string} databaseUrl
 * @param {number} perSecond
 * @param {() => Promise<T>} use
 * @returns {Promise<T>}
 */
export function withNewNotifications(databaseUrl, perSecond, use) {
  return withClient(databaseUrl, async (client) => {
    /** @type {Promise<unknown>} */
    let writing = Promise.resolve();
    const write = () => client.query(INSERT_NEW, [APP_ID, perSecond / 2, BODY]);
    const timer = setInterval(() => {
      writing = writing.then(write);
    }, 500);
    try {
      return await use();
    } finally {
      clearInterval(timer);
      await writing;
    }
  });
}

const MINUTES = 60;
const MINUTE_MS = 60_000;
const BUCKETS = ['0.05', '0.1', '0.25', '0.5', '1', '2.5'];
const QUEUES = ['push', 'calls', 'sms'];
const PUSH = { channel: 'push', provider: 'default' };
const SMS = { channel: 'sms', provider: 'sms' };

/**
 * @typedef {{ measure: import('../../../src/deliveries/tallies/tally.sql.js').Tally['measure'], appId: string, labels: object, n: number }} Series
 */

/** @param {number} minute @returns {Series[]} what a minute of traffic is tallied as */
function seriesOf(minute) {
  const n = 1_000 + ((minute * 37) % 200);
  const ofApp = (
    /** @type {Series['measure']} */ measure,
    /** @type {object} */ labels,
    /** @type {number} */ count,
  ) => ({
    ...{ measure, appId: APP_ID, labels, n: count },
  });
  const ofAll = (
    /** @type {Series['measure']} */ measure,
    /** @type {object} */ labels,
    /** @type {number} */ count,
  ) => ({
    ...{ measure, appId: '', labels, n: count },
  });
  return [
    ofAll('webhooks', { route: 'push', answer: 'accepted' }, n),
    ofAll('webhooks', { route: 'push', answer: 'duplicate' }, 9),
    ofAll('webhooks', { route: 'sms', answer: 'accepted' }, 50),
    ...['accepted', 'refused', 'unavailable'].map((outcome, at) =>
      ofApp('attempts', { ...PUSH, outcome }, at === 0 ? n : 12),
    ),
    ofApp('attempts', { ...SMS, outcome: 'accepted' }, 50),
    ...[
      { channel: 'push', kind: 'chat' },
      { channel: 'push', kind: 'call' },
      { channel: 'sms', kind: 'sms' },
    ].flatMap((labels) =>
      BUCKETS.map((le, at) => ofAll('latency', { ...labels, le }, Math.round(n / (at + 2)))),
    ),
    ...QUEUES.flatMap((queue) => [
      ofAll('queue', { queue, state: 'waiting' }, 1 + (minute % 20)),
      ofAll('queue', { queue, state: 'oldest_seconds' }, 1),
    ]),
    ofAll('queue_sample', {}, 1),
    ofApp('retired', { reason: 'unregistered' }, 3),
    ofApp('sms_segments', { provider: 'sms', country: 'US' }, 50),
  ];
}

/** Fills the tallies of the last hour. @param {string} databaseUrl of a running gateway */
export async function fillTallies(databaseUrl) {
  const { canonicalJson } = await import('../../../src/domain/canonical-json.js');
  const { addTallies } = await import('../../../src/deliveries/tallies/tally.sql.js');
  const { default: pg } = await import('pg');
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const thisMinute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    for (let minute = 1; minute <= MINUTES; minute++) {
      const start = new Date(thisMinute - minute * MINUTE_MS);
      const rows = seriesOf(minute).map(({ labels, ...series }) => ({
        ...{ ...series, labels: canonicalJson(labels), spanSeconds: /** @type {const} */ (60), start },
      }));
      await addTallies(sql, rows);
    }
  } finally {
    await sql.end();
  }
}
