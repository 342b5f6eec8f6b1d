import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import { firstIdAt } from '../../platform/ids/new-id.js';

/** Webhooks that a question is about. */
export interface WebhookQuestion {
  readonly appId: string;
  readonly uid: string | null;
  /** A message's id, which pushes carry as their tag. */
  readonly messageId: string | null;
  /** Received at or after. */
  readonly from: Date;
  /** Whether the rows after `from` are examined first instead of the newest. */
  readonly oldestFirst: boolean;
}

export interface ReceivedWebhooks {
  readonly count: number;
  readonly lastAt: Date | null;
  /** The newest 20. */
  readonly ids: string[];
  /** When the oldest and the newest examined row were received; null if there are none. */
  readonly oldest: Date | null;
  readonly newest: Date | null;
  /** Whether every row since `from` was examined. */
  readonly isComplete: boolean;
}

/** Maximum rows of one user, and of all users, that are examined. */
const MAX_OF_USER = 5_000;
const MAX_OF_ALL = 20_000;
const SHOWN = 20;

interface Row {
  examined: number;
  count: number;
  lastAt: Date | null;
  ids: string[];
  oldest: Date | null;
  newest: Date | null;
}

// The limit applies before the filters, which bounds the scan.
const find = (where: string, order: 'ASC' | 'DESC', limit: number) =>
  statement<'appId' | 'uid' | 'messageId' | 'first', Row>(`
SELECT count(*)::int AS examined, min(received_at) AS oldest, max(received_at) AS newest,
       (count(*) FILTER (WHERE found))::int AS count, max(received_at) FILTER (WHERE found) AS "lastAt",
       coalesce((array_agg(id ORDER BY id DESC) FILTER (WHERE found))[1:${SHOWN}], '{}') AS ids
FROM (
  SELECT id, received_at,
         app_id = :appId AND (:uid::text IS NULL OR uid = :uid) AND kind <> 'api' AND coalesce(source, 'webhook') = 'webhook'
         AND CASE WHEN :messageId::text IS NULL THEN true
                  WHEN strpos(content, :messageId) > 0
                  THEN content ~ ('"(tag|id)": ?"?' || :messageId || '[",}]') ELSE false END AS found
  FROM (SELECT id, app_id, uid, kind, source, content, received_at FROM notification
        WHERE ${where} AND id >= :first ORDER BY id ${order} LIMIT ${limit}) examined
  OFFSET 0
) rows`);

const OF_USER = find('app_id = :appId AND uid = :uid', 'DESC', MAX_OF_USER);
const NEWEST = find('true', 'DESC', MAX_OF_ALL);
const OLDEST = find('true', 'ASC', MAX_OF_ALL);

/** Counts the webhooks in the ledger that a question is about. */
export async function findReceivedWebhooks(
  sql: pg.Pool,
  { appId, uid, messageId, from, oldestFirst }: WebhookQuestion,
): Promise<ReceivedWebhooks> {
  const isOfUser = uid !== null;
  const query = isOfUser ? OF_USER : oldestFirst ? OLDEST : NEWEST;
  const [row] = await query.rows(sql, { appId, uid, messageId, first: firstIdAt(from) });
  if (!row) throw new Error('An aggregate returned no row.');
  const { examined, ...found } = row;
  return { ...found, isComplete: examined < (isOfUser ? MAX_OF_USER : MAX_OF_ALL) };
}
