import type pg from 'pg';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { newId } from '../../src/platform/ids/new-id.js';

/** A delivery as the ledger holds it after its failure. */
export interface FailedDeliveryRow {
  readonly deviceId?: string;
  readonly provider?: string;
  readonly kind?: string;
  readonly status?: string;
  readonly reason?: string | null;
  readonly phno?: string;
  readonly segments?: number;
  readonly costMicros?: number;
  /** Remaining lifetime in ms. */
  readonly leftMs?: number;
}

/** A notification that an outage has kept from its recipient. */
export interface FailedNotificationRow {
  readonly uid: string;
  readonly tag?: string;
  readonly kind?: string;
  readonly channel?: string;
  readonly source?: string;
  readonly status?: string;
  readonly appId?: string;
  /** `data` of its webhook; default: a chat message. */
  readonly content?: object;
  readonly deliveries: readonly FailedDeliveryRow[];
}

const PER_STATEMENT = 500;
const HOUR_MS = 3_600_000;

/** Writes notifications that failed just now. @returns their ids, in order. */
export async function insertFailed(sql: pg.Pool, given: readonly FailedNotificationRow[]): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < given.length; from += PER_STATEMENT) {
    ids.push(...(await insertPart(sql, given.slice(from, from + PER_STATEMENT))));
  }
  return ids;
}

async function insertPart(sql: pg.Pool, given: readonly FailedNotificationRow[]): Promise<string[]> {
  const rows = given.map((row) => ({ ...row, id: newId() }));
  const notifications = rows.map(({ id, uid, tag = id, deliveries: _deliveries, ...row }) => ({
    ...{ app_id: DEMO.appId, kind: 'chat', channel: 'push', source: 'webhook', status: 'failed' },
    ...row,
    ...(row.appId === undefined ? {} : { app_id: row.appId }),
    ...{ id, uid, content: JSON.stringify(row.content ?? chat(uid, tag)) },
  }));
  const deliveries = rows.flatMap(({ id: notification_id, uid, deliveries: own }) =>
    own.map(({ deviceId, phno, leftMs = HOUR_MS, segments, costMicros, ...row }) => ({
      ...{ provider: 'default', kind: 'sandbox', status: 'failed', reason: 'provider_unavailable' },
      ...row,
      ...{ id: newId(), notification_id, device_id: deviceId, segments, cost_micros: costMicros },
      currency: costMicros === undefined ? undefined : 'EUR',
      address:
        phno === undefined
          ? { transport: 'fcm', token: `token-of-${uid}`, platform: 'fcm_android' }
          : { phno },
      expires_at: new Date(Date.now() + leftMs),
    })),
  );
  await sql.query(
    `INSERT INTO notification (id, app_id, channel, kind, uid, status, content, source, received_at, planned_at, settled_at)
     SELECT id, app_id, channel, kind, uid, status, content, source, now(), now(), now()
     FROM json_populate_recordset(NULL::notification, $1)`,
    [JSON.stringify(notifications)],
  );
  await sql.query(
    `INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, reason, segments,
                           cost_micros, currency, expires_at, settled_at)
     SELECT id, notification_id, provider, kind, device_id, address, status, reason, segments, cost_micros, currency,
            expires_at, now()
     FROM json_populate_recordset(NULL::delivery, $1)`,
    [JSON.stringify(deliveries)],
  );
  return rows.map(({ id }) => id);
}

const chat = (uid: string, tag: string): object => ({
  to: { uid },
  notificationDetails: {
    ...{ type: 'chat', title: 'Andrew', body: 'Hello!', tag, sentAt: String(Date.now()) },
    ...{ sender: 'andrew', receiver: uid, receiverType: 'user', conversationId: `andrew_user_${uid}` },
  },
});
