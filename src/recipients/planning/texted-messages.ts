import { Inject, Injectable } from '@nestjs/common';
import { Ledger } from '../../deliveries/ledger.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { Sql } from '../../platform/database/database.module.js';
import { deleteInSteps } from '../receipts/delete-in-steps.js';

/** A notification that is about to tell a person of messages by a text. */
export interface TextOfMessages {
  readonly appId: string;
  readonly uid: string;
  readonly notificationId: string;
  readonly messageIds: readonly string[];
}

interface HeldRow {
  readonly position: number;
  readonly notificationId: string;
}

/** For each of the text's messages, the notification that tells of it. */
type Holders = readonly string[];

// In the order of their keys, so that two batches never wait for each other in a circle, and of two texts of the same
// messages one gets them all.
const CLAIM = `
INSERT INTO texted_message (app_id, uid, message_id, notification_id)
SELECT m.app_id, m.uid, m.message_id, m.notification_id
FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::uuid[])
  AS m(position, app_id, uid, message_id, notification_id)
ORDER BY m.app_id, m.uid, m.message_id, m.position
ON CONFLICT (app_id, uid, message_id) DO NOTHING`;

// A statement of its own: the first one does not see what another process has written meanwhile.
const HOLDERS = `
SELECT m.position::int AS position, t.notification_id AS "notificationId"
FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS m(position, app_id, uid, message_id)
JOIN texted_message t ON t.app_id = m.app_id AND t.uid = m.uid AND t.message_id = m.message_id`;

const TAKE_OVER = `
UPDATE texted_message SET notification_id = $4, texted_at = now()
WHERE app_id = $1 AND uid = $2 AND message_id = ANY($3::text[]) AND notification_id = ANY($5::uuid[])`;

/** Which messages a person is told of by a text, so that no second text tells of them. */
@Injectable()
export class TextedMessages {
  private readonly claims = new Batcher((texts: readonly TextOfMessages[]) => this.claimAll(texts));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Takes these messages for a text. A message stays with the notification that took it first, however often that is
   * planned; unless no text came of it in the end: then another may tell of it.
   *
   * @returns whether there is something to tell: false where other texts tell of every one of them.
   */
  async claim(text: TextOfMessages): Promise<boolean> {
    const holders = await this.claims.run(text);
    if (holders.includes(text.notificationId)) return true;
    const dead = await this.ledger.withoutText([...new Set(holders)]);
    if (dead.length === 0) return false;
    const { appId, uid, messageIds, notificationId } = text;
    const { rowCount } = await this.sql.query(TAKE_OVER, [appId, uid, messageIds, notificationId, dead]);
    return (rowCount ?? 0) > 0;
  }

  /** Deletes what was texted before `before`. @returns how many. */
  deleteBefore(before: Date): Promise<number> {
    return deleteInSteps(this.sql, 'texted_message', 'texted_at', before);
  }

  private async claimAll(texts: readonly TextOfMessages[]): Promise<Holders[]> {
    const rows = texts.flatMap(({ messageIds, ...text }, position) =>
      messageIds.map((messageId) => ({ ...text, position, messageId })),
    );
    const keys = [
      rows.map(({ position }) => position),
      rows.map(({ appId }) => appId),
      rows.map(({ uid }) => uid),
      rows.map(({ messageId }) => messageId),
    ];
    const ids = rows.map(({ notificationId }) => notificationId);
    await this.sql.query({ name: 'texted.claim', text: CLAIM, values: [...keys, ids] });
    const held = await this.sql.query<HeldRow>({ name: 'texted.holders', text: HOLDERS, values: keys });
    const holders = texts.map((): string[] => []);
    for (const { position, notificationId } of held.rows) holders[position]?.push(notificationId);
    return holders;
  }
}
