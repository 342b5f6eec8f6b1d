import pg from 'pg';

export interface PastRows {
  /** The tag of the oldest one. */
  readonly oldestTag: string;
  /** When the n-th newest was received, from 0. */
  receivedAt(index: number): Date;
}

/** One notification a millisecond with one sent delivery and its attempt; their ids are in order. */
const INSERT = `
WITH past AS MATERIALIZED (
  SELECT n, $3::bigint - n AS at,
         (lpad(to_hex($3::bigint - n), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid AS id
  FROM generate_series(0, $2::int - 1) AS n
), notifications AS (
  INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, settled_at)
  SELECT id, $1, 'push', 'chat', $4, 'sent',
         jsonb_build_object('notificationDetails', jsonb_build_object('body', repeat('x', 200)))::text, to_timestamp(at / 1000.0), now()
  FROM past WHERE n < $2::int - 1
  UNION ALL
  SELECT id, $1, 'push', 'chat', $4, 'sent', '{"notificationDetails":{"tag":"' || $5::text || '"}}', to_timestamp(at / 1000.0), now()
  FROM past WHERE n = $2::int - 1
), deliveries AS (
  INSERT INTO delivery (id, notification_id, provider, kind, status, attempts, expires_at)
  SELECT id, id, 'default', 'fcm', 'sent', 1, now() FROM past
)
INSERT INTO attempt (delivery_id, attempt, provider, outcome, started_at, duration_ms)
SELECT id, 1, 'default', 'accepted', to_timestamp(at / 1000.0), 50 FROM past`;

const TAG = '98765';
/** Before every notification of the test. */
const AGO_MS = 3_600_000;

/** Fills the ledger with notifications of the hours before. */
export async function addPast(
  databaseUrl: string,
  { appId, uid, count }: { readonly appId: string; readonly uid: string; readonly count: number },
): Promise<PastRows> {
  const newest = Date.now() - AGO_MS;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(INSERT, [appId, count, newest, uid, TAG]);
    await client.query('ANALYZE notification, delivery, attempt');
  } finally {
    await client.end();
  }
  return { oldestTag: TAG, receivedAt: (index) => new Date(newest - index) };
}
