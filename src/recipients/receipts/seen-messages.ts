import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../platform/batching/batcher.js';
import { Sql } from '../../platform/database/database.module.js';
import type { Person } from '../person.js';
import { deleteInSteps } from './delete-in-steps.js';
import { ReceiptCap } from './receipt-cap.js';

/** A device's word that a message was seen. */
export interface SeenReport {
  /** The tag of the push: the message's id. */
  readonly tag: string;
  readonly conversationId: string | null;
}

interface PersonalReport extends SeenReport {
  readonly appId: string;
  readonly uid: string;
}

interface TagsQuestion {
  readonly appId: string;
  readonly uid: string;
  readonly tags: readonly string[];
}

interface ConversationQuestion {
  readonly appId: string;
  readonly uid: string;
  readonly conversationIds: readonly string[];
}

// In the order of their keys, so that two batches never wait for each other in a circle.
const UPSERT = `
INSERT INTO seen_message (app_id, uid, tag, conversation_id)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS s(app_id, uid, tag, conversation_id)
ORDER BY 1, 2, 3
ON CONFLICT (app_id, uid, tag) DO UPDATE
SET conversation_id = COALESCE(excluded.conversation_id, seen_message.conversation_id), seen_at = now()`;

const COUNT_SEEN = `
SELECT a.position::int AS position, count(s.tag)::int AS seen
FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS a(position, app_id, uid, tag)
JOIN seen_message s ON s.app_id = a.app_id AND s.uid = a.uid AND s.tag = a.tag
GROUP BY a.position`;

const LAST_SEEN = `
SELECT a.position::int AS position, max(s.seen_at) AS "seenAt"
FROM unnest($1::int[], $2::text[], $3::text[], $4::text[]) AS a(position, app_id, uid, conversation_id)
JOIN seen_message s ON s.app_id = a.app_id AND s.uid = a.uid AND s.conversation_id = a.conversation_id
GROUP BY a.position`;

/** What persons have seen on their devices. What happens at the same time is one statement. */
@Injectable()
export class SeenMessages {
  private readonly reports = new Batcher((items: readonly PersonalReport[]) => this.putAll(items));
  private readonly byTags = new Batcher((items: readonly TagsQuestion[]) => this.countSeen(items));
  private readonly byConversation = new Batcher((items: readonly ConversationQuestion[]) =>
    this.lastSeen(items),
  );

  private readonly cap: ReceiptCap;

  constructor(@Inject(Sql) private readonly sql: Sql) {
    this.cap = new ReceiptCap(sql);
  }

  /** Takes note that a person has seen these messages now; nothing is stored for an app that never asks. */
  async report(person: Person, reports: readonly SeenReport[]): Promise<void> {
    const { app, uid } = person;
    if (app.sms.policy !== 'ifNotSeen') return;
    await Promise.all(reports.map((report) => this.reports.run({ ...report, appId: app.appId, uid })));
    await this.cap.keepWithin(person, reports.length);
  }

  /** Whether each of these messages was seen on one device or another. */
  async haveSeenAll(appId: string, uid: string, tags: readonly string[]): Promise<boolean> {
    return (await this.byTags.run({ appId, uid, tags })) === tags.length;
  }

  /** When a person last saw a message of a conversation; undefined: no device has said so. */
  lastSeenIn(appId: string, uid: string, conversationIds: readonly string[]): Promise<Date | undefined> {
    return this.byConversation.run({ appId, uid, conversationIds });
  }

  /** Deletes what was seen before `before`. @returns how many. */
  deleteBefore(before: Date): Promise<number> {
    return deleteInSteps(this.sql, 'seen_message', 'seen_at', before);
  }

  private async putAll(reports: readonly PersonalReport[]): Promise<undefined[]> {
    // One statement may write a row only once: of several for one message the last that names a conversation counts.
    const last = new Map<string, PersonalReport>();
    for (const report of reports) {
      const key = JSON.stringify([report.appId, report.uid, report.tag]);
      const conversationId = report.conversationId ?? last.get(key)?.conversationId ?? null;
      last.set(key, { ...report, conversationId });
    }
    const values = [...last.values()];
    await this.sql.query({
      name: 'seen.put',
      text: UPSERT,
      values: [
        values.map(({ appId }) => appId),
        values.map(({ uid }) => uid),
        values.map(({ tag }) => tag),
        values.map(({ conversationId }) => conversationId),
      ],
    });
    return reports.map(() => undefined);
  }

  private async countSeen(questions: readonly TagsQuestion[]): Promise<number[]> {
    const asked = questions.flatMap(({ appId, uid, tags }, position) =>
      tags.map((tag) => ({ position, appId, uid, part: tag })),
    );
    const { rows } = await this.sql.query<{ position: number; seen: number }>({
      name: 'seen.tags',
      text: COUNT_SEEN,
      values: columnsOf(asked),
    });
    const seen = new Map(rows.map((row) => [row.position, row.seen]));
    return questions.map((_, position) => seen.get(position) ?? 0);
  }

  private async lastSeen(questions: readonly ConversationQuestion[]): Promise<(Date | undefined)[]> {
    const asked = questions.flatMap(({ appId, uid, conversationIds }, position) =>
      conversationIds.map((id) => ({ position, appId, uid, part: id })),
    );
    const { rows } = await this.sql.query<{ position: number; seenAt: Date }>({
      name: 'seen.conversations',
      text: LAST_SEEN,
      values: columnsOf(asked),
    });
    const seenAt = new Map(rows.map((row) => [row.position, row.seenAt]));
    return questions.map((_, position) => seenAt.get(position));
  }
}

function columnsOf(
  asked: readonly { position: number; appId: string; uid: string; part: string }[],
): unknown[][] {
  return [
    asked.map(({ position }) => position),
    asked.map(({ appId }) => appId),
    asked.map(({ uid }) => uid),
    asked.map(({ part }) => part),
  ];
}
