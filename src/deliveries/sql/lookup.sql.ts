import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import { firstIdAt, momentOf } from '../../platform/ids/new-id.js';

// Finds notifications by what their deliveries and calls are known by.

// A loose index scan: the index on the app is read once per app.
const APP_IDS = statement<never, { app_id: string }>(`
WITH RECURSIVE apps AS (
  (SELECT app_id FROM notification ORDER BY app_id LIMIT 1)
  UNION ALL
  SELECT (SELECT n.app_id FROM notification n WHERE n.app_id > apps.app_id ORDER BY n.app_id LIMIT 1)
  FROM apps WHERE apps.app_id IS NOT NULL
)
SELECT app_id FROM apps WHERE app_id IS NOT NULL`);

/** The apps that have notifications in the ledger. */
export async function appIdsInLedger(sql: pg.Pool): Promise<string[]> {
  return (await APP_IDS.rows(sql, {})).map(({ app_id }) => app_id);
}

const OF_DELIVERY = statement<'deliveryId', { id: string }>(
  'SELECT notification_id AS id FROM delivery WHERE id = :deliveryId',
);

export async function notificationOfDelivery(sql: pg.Pool, deliveryId: string): Promise<string | undefined> {
  return (await OF_DELIVERY.rows(sql, { deliveryId }))[0]?.id;
}

const OF_SMS = statement<'appIds' | 'providers' | 'vendorMessageId', { id: string }>(`
SELECT DISTINCT d.notification_id AS id
FROM unnest(:appIds::text[], :providers::text[]) AS k(app_id, provider)
JOIN sms_receipt r ON r.app_id = k.app_id AND r.provider = k.provider AND r.vendor_message_id = :vendorMessageId
JOIN delivery d ON d.id = r.delivery_id`);

export interface SmsAccount {
  readonly appId: string;
  readonly provider: string;
}

/** The notifications of the SMS to which one of these accounts gave this message id. */
export async function notificationsOfSms(
  sql: pg.Pool,
  accounts: readonly SmsAccount[],
  vendorMessageId: string,
): Promise<string[]> {
  const { appId: appIds, provider: providers } = columns(accounts, 'appId', 'provider');
  return (await OF_SMS.rows(sql, { appIds, providers, vendorMessageId })).map(({ id }) => id);
}

/** Maximum rings of a call that are looked at: a group call rings for each device of each member. */
const MAX_RINGS = 5_000;
/** Maximum notifications of a callee that are looked at for updates of the call. */
const MAX_UPDATES = 1_000;
/** Updates may overtake the ring, and end a call after hours. */
const BEFORE_RING_MS = 600_000;
const AFTER_RING_MS = 12 * 3_600_000;

interface Ring {
  readonly id: string;
  readonly app_id: string;
  readonly uid: string;
}

const RINGS = statement<'sessionId' | 'appIds', Ring>(`
SELECT DISTINCT n.id, n.app_id, n.uid
FROM (SELECT notification_id FROM delivery WHERE ring_session = :sessionId LIMIT ${MAX_RINGS}) d
JOIN notification n ON n.id = d.notification_id
WHERE :appIds::text[] IS NULL OR n.app_id = ANY(:appIds)`);

const UPDATES = statement<'appId' | 'uid' | 'first' | 'last' | 'text', { id: string }>(`
SELECT n.id FROM unnest(:appId::text[], :uid::text[], :first::uuid[], :last::uuid[]) AS r(app_id, uid, first, last)
CROSS JOIN LATERAL (
  SELECT id, kind, content FROM notification
  WHERE app_id = r.app_id AND uid = r.uid AND id > r.first AND id < r.last ORDER BY id LIMIT ${MAX_UPDATES}
) n
WHERE n.kind = 'call' AND strpos(n.content, :text) > 0`);

/** The notifications of a call that rang: its rings, and the updates that the same users got. */
export async function notificationsOfCall(
  sql: pg.Pool,
  sessionId: string,
  appIds: readonly string[] | undefined,
): Promise<string[]> {
  const rings = await RINGS.rows(sql, { sessionId, appIds: appIds ?? null });
  if (rings.length === 0) return [];
  const spans = rings.map(({ id, app_id: appId, uid }) => ({
    ...{ appId, uid },
    first: firstIdAt(new Date(momentOf(id).getTime() - BEFORE_RING_MS)),
    last: firstIdAt(new Date(momentOf(id).getTime() + AFTER_RING_MS)),
  }));
  const text = `"sessionId":${JSON.stringify(sessionId)}`;
  const updates = await UPDATES.rows(sql, { ...columns(spans, 'appId', 'uid', 'first', 'last'), text });
  return [...new Set([...rings, ...updates].map(({ id }) => id))];
}
