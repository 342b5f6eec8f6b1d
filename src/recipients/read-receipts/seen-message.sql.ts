import { prepared, statement } from '../../platform/database/statement.js';

type QuestionKey = 'position' | 'appId' | 'uid' | 'part';

// Sorted by key so that concurrent batches cannot deadlock.
export const PUT = prepared<'appId' | 'uid' | 'tag' | 'conversationId'>(
  'seen.put',
  `
INSERT INTO seen_message (app_id, uid, tag, conversation_id)
SELECT * FROM unnest(:appId::text[], :uid::text[], :tag::text[], :conversationId::text[])
  AS s(app_id, uid, tag, conversation_id)
ORDER BY 1, 2, 3
ON CONFLICT (app_id, uid, tag) DO UPDATE
SET conversation_id = COALESCE(excluded.conversation_id, seen_message.conversation_id), seen_at = now()`,
);

export const COUNT_SEEN = prepared<QuestionKey, { position: number; seen: number }>(
  'seen.tags',
  `
SELECT a.position::int AS position, count(s.tag)::int AS seen
FROM unnest(:position::int[], :appId::text[], :uid::text[], :part::text[]) AS a(position, app_id, uid, tag)
JOIN seen_message s ON s.app_id = a.app_id AND s.uid = a.uid AND s.tag = a.tag
GROUP BY a.position`,
);

export const LAST_SEEN = prepared<QuestionKey, { position: number; seenAt: Date }>(
  'seen.conversations',
  `
SELECT a.position::int AS position, max(s.seen_at) AS "seenAt"
FROM unnest(:position::int[], :appId::text[], :uid::text[], :part::text[]) AS a(position, app_id, uid, conversation_id)
JOIN seen_message s ON s.app_id = a.app_id AND s.uid = a.uid AND s.conversation_id = a.conversation_id
GROUP BY a.position`,
);

// Locked rows are being written now: skipping them keeps a deletion from waiting for a batch of read receipts.
export const DELETE_OLDEST = statement<'appId' | 'uid' | 'kept'>(`
DELETE FROM seen_message WHERE ctid = ANY (ARRAY(
  SELECT s.ctid FROM seen_message s
  WHERE s.app_id = :appId AND s.uid = :uid AND s.tag = ANY (ARRAY(
    SELECT tag FROM seen_message WHERE app_id = :appId AND uid = :uid ORDER BY seen_at DESC, tag DESC OFFSET :kept))
  FOR UPDATE SKIP LOCKED))`);
