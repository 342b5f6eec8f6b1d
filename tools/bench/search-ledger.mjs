import { APP_ID } from '../stage/app.mjs';
import { goOn } from '../stage/children.mjs';
import { makePastPartitions, PAST_DAYS, withClient } from '../stage/database.mjs';

/** Rows per statement. */
const STEP = 50_000;
/** Notifications of a user. */
const EACH = 100;
/** Length of a documented webhook. */
const BODY = 'y'.repeat(900);

/** @param {number} user */
export const uidOf = (user) => `user-${String(user).padStart(9, '0')}`;
/** @param {number} user */
export const phnoOf = (user) => `+1415${String(user).padStart(7, '0')}`;
/** @param {number} user */
export const tokenOf = (user) => 't'.repeat(140) + String(user).padStart(10, '0');
/** @param {number} index */
export const tagOf = (index) => String(1_000_000_000 + index);
/** @param {number} index of a call */
export const sessionOf = (index) => `v1.us.${index}`;

const INSERT_USERS = `
WITH users AS (
  SELECT 'user-' || lpad(n::text, 9, '0') AS uid, '+1415' || lpad(n::text, 7, '0') AS phno,
         repeat('t', 140) || lpad(n::text, 10, '0') AS token
  FROM generate_series($2::int, $3::int - 1) AS n
), devices AS (
  INSERT INTO device (id, app_id, uid, platform, transport, provider_id, token, token_hash)
  SELECT gen_random_uuid(), $1, uid, 'fcm_android', 'fcm', 'default', token, sha256(convert_to(token, 'UTF8')) FROM users
)
INSERT INTO contact (app_id, uid, phno) SELECT $1, uid, phno FROM users`;

/**
 * Of 100 notifications, in order of time: 5 SMS, 2 rings, 93 chats; 5 failed, 3 skipped. Each has one delivery and one
 * attempt with the same id.
 */
const INSERT_NOTIFICATIONS = `
WITH past AS MATERIALIZED (
  SELECT n, at, n % 100 < 5 AS is_sms, n % 100 IN (5, 6) AS rings, n % 100 >= 97 AS skipped,
         CASE WHEN n % 100 BETWEEN 90 AND 94 THEN 'failed' WHEN n % 100 >= 97 THEN 'skipped' ELSE 'sent' END AS status,
         (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5('n' || n), 1, 3)
          || '8' || substr(md5('m' || n), 1, 15))::uuid AS id,
         'user-' || lpad((n % $5::int)::text, 9, '0') AS uid, '+1415' || lpad((n % $5::int)::text, 7, '0') AS phno
  FROM generate_series($2::int, $3::int - 1) AS n,
       LATERAL (SELECT now() - make_interval(days => $6::int) * (1 - n::float8 / $4::float8) - interval '1 hour') AS t(at)
), notifications AS (
  INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, settled_at, source, planned_at)
  SELECT id, $1, CASE WHEN is_sms THEN 'sms' ELSE 'push' END,
         CASE WHEN is_sms THEN 'sms' WHEN rings THEN 'call' ELSE 'chat' END, uid, status,
         '{"to":{"uid":"' || uid || '"},"notificationDetails":{"tag":"' || 1000000000 + n || '","sessionId":"v1.us.' || n
         || '","body":"' || $7::text || '"}}', at, at, 'webhook', at
  FROM past
), deliveries AS (
  INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, reason, ring_session, attempts,
                        expires_at, settled_at)
  SELECT id, id, CASE WHEN is_sms THEN 'sms' ELSE 'default' END, CASE WHEN is_sms THEN 'sms' ELSE 'fcm' END,
         CASE WHEN is_sms THEN NULL ELSE gen_random_uuid() END,
         CASE WHEN is_sms THEN jsonb_build_object('phno', phno) ELSE jsonb_build_object('token', repeat('t', 150)) END,
         status, CASE status WHEN 'failed' THEN 'token_unregistered' WHEN 'skipped' THEN 'no_provider' END,
         CASE WHEN rings THEN 'v1.us.' || n END, 1, at + interval '1 day', at
  FROM past
), attempts AS (
  INSERT INTO attempt (delivery_id, attempt, provider, outcome, vendor_message_id, started_at, duration_ms)
  SELECT id, 1, CASE WHEN is_sms THEN 'sms' ELSE 'default' END, CASE status WHEN 'failed' THEN 'refused' ELSE 'accepted' END,
         CASE WHEN is_sms THEN 'SM' || md5('s' || n) ELSE 'projects/p/messages/' || n END, at, 50
  FROM past
)
INSERT INTO sms_receipt (app_id, provider, vendor_message_id, delivery_id, attempt)
SELECT $1, 'sms', 'SM' || md5('s' || n), id, 1 FROM past WHERE is_sms`;

/**
 * Fills a database with this many notifications of the last weeks.
 *
 * @param {string} databaseUrl
 * @param {number} rows
 * @returns {Promise<{ people: number }>}
 */
export async function fillForSearch(databaseUrl, rows) {
  const people = Math.max(1, Math.floor(rows / EACH));
  await makePastPartitions(databaseUrl);
  await withClient(databaseUrl, async (client) => {
    for (let at = 0; at < people; at += STEP) {
      goOn();
      await client.query(INSERT_USERS, [APP_ID, at, Math.min(people, at + STEP)]);
    }
    for (let at = 0; at < rows; at += STEP) {
      goOn();
      const span = [at, Math.min(rows, at + STEP), rows];
      await client.query(INSERT_NOTIFICATIONS, [APP_ID, ...span, people, PAST_DAYS, BODY]);
      process.stderr.write('.');
    }
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
  });
  return { people };
}
