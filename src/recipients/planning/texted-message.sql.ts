import { prepared } from '../../platform/database/statement.js';

type MessageKey = 'position' | 'appId' | 'uid' | 'messageId';

// Sorted by key so that concurrent batches cannot deadlock, and one of two SMS with the same messages gets them all.
export const CLAIM = prepared<MessageKey | 'notificationId'>(
  'texted.claim',
  `
INSERT INTO texted_message (app_id, uid, message_id, notification_id)
SELECT m.app_id, m.uid, m.message_id, m.notification_id
FROM unnest(:position::int[], :appId::text[], :uid::text[], :messageId::text[], :notificationId::uuid[])
  AS m(position, app_id, uid, message_id, notification_id)
ORDER BY m.app_id, m.uid, m.message_id, m.position
ON CONFLICT (app_id, uid, message_id) DO NOTHING`,
);

export const HOLDERS = prepared<MessageKey, { position: number; notificationId: string }>(
  'texted.holders',
  `
SELECT m.position::int AS position, t.notification_id AS "notificationId"
FROM unnest(:position::int[], :appId::text[], :uid::text[], :messageId::text[]) AS m(position, app_id, uid, message_id)
JOIN texted_message t ON t.app_id = m.app_id AND t.uid = m.uid AND t.message_id = m.message_id`,
);
