import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import type { SeenMessage } from '../../platform/database/generated/client.js';
import type { User } from '../user.js';
import { deleteInSteps } from './delete-in-steps.sql.js';
import { ReadReceiptCap } from './read-receipt-cap.js';
import { COUNT_SEEN, LAST_SEEN, PUT } from './seen-message.sql.js';

/** A device's report of a seen message. */
export interface SeenReport {
  /** The push's tag: the message's id. */
  readonly tag: string;
  readonly conversationId: string | null;
}

interface UserReport extends SeenReport {
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

/** Messages that users have seen on their devices. Concurrent calls share a statement. */
@Injectable()
export class SeenMessageRepository {
  private readonly reports = new Batcher((items: readonly UserReport[]) => this.putAll(items));
  private readonly byTags = new Batcher((items: readonly TagsQuestion[]) => this.countSeen(items));
  private readonly byConversation = new Batcher((items: readonly ConversationQuestion[]) =>
    this.lastSeen(items),
  );

  private readonly cap: ReadReceiptCap;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {
    this.cap = new ReadReceiptCap(sql);
  }

  /** Records that a user has seen messages now. Stores nothing for an app whose policy never uses it. */
  async report(user: User, reports: readonly SeenReport[]): Promise<void> {
    const { app, uid } = user;
    if (app.sms.policy !== 'ifNotSeen') return;
    await Promise.all(reports.map((report) => this.reports.run({ ...report, appId: app.appId, uid })));
    await this.cap.keepWithin(user, reports.length);
  }

  /** Whether each of these messages was seen on some device. */
  async haveSeenAll(appId: string, uid: string, tags: readonly string[]): Promise<boolean> {
    return (await this.byTags.run({ appId, uid, tags })) === tags.length;
  }

  /** Time when a user last saw a message of a conversation; undefined if no device has reported one. */
  lastSeenIn(appId: string, uid: string, conversationIds: readonly string[]): Promise<Date | undefined> {
    return this.byConversation.run({ appId, uid, conversationIds });
  }

  /** When a device of the user reported a message as seen; null if none has. */
  async seenAt(appId: string, uid: string, tag: string): Promise<Date | null> {
    const seen = await this.prisma.seenMessage.findUnique({ where: { appId_uid_tag: { appId, uid, tag } } });
    return seen?.seenAt ?? null;
  }

  /** The messages that a user has seen. */
  list({ app, uid }: User): Promise<SeenMessage[]> {
    return this.prisma.seenMessage.findMany({ where: { appId: app.appId, uid } });
  }

  /** Deletes the records of a user. @returns their number. */
  async erase({ app, uid }: User): Promise<number> {
    return (await this.prisma.seenMessage.deleteMany({ where: { appId: app.appId, uid } })).count;
  }

  /** Deletes records from before `before`. @returns their number. */
  deleteBefore(before: Date): Promise<number> {
    return deleteInSteps(this.sql, 'seen_message', before);
  }

  private async putAll(reports: readonly UserReport[]): Promise<undefined[]> {
    // A statement may write a row only once: of a message's reports, the last one with a conversation counts.
    const last = new Map<string, UserReport>();
    for (const report of reports) {
      const key = JSON.stringify([report.appId, report.uid, report.tag]);
      const conversationId = report.conversationId ?? last.get(key)?.conversationId ?? null;
      last.set(key, { ...report, conversationId });
    }
    await PUT.run(this.sql, columns([...last.values()], 'appId', 'uid', 'tag', 'conversationId'));
    return reports.map(() => undefined);
  }

  private async countSeen(questions: readonly TagsQuestion[]): Promise<number[]> {
    const asked = questions.flatMap(({ appId, uid, tags }, position) =>
      tags.map((tag) => ({ position, appId, uid, part: tag })),
    );
    const rows = await COUNT_SEEN.rows(this.sql, columns(asked, 'position', 'appId', 'uid', 'part'));
    const seen = new Map(rows.map((row) => [row.position, row.seen]));
    return questions.map((_, position) => seen.get(position) ?? 0);
  }

  private async lastSeen(questions: readonly ConversationQuestion[]): Promise<(Date | undefined)[]> {
    const asked = questions.flatMap(({ appId, uid, conversationIds }, position) =>
      conversationIds.map((id) => ({ position, appId, uid, part: id })),
    );
    const rows = await LAST_SEEN.rows(this.sql, columns(asked, 'position', 'appId', 'uid', 'part'));
    const seenAt = new Map(rows.map((row) => [row.position, row.seenAt]));
    return questions.map((_, position) => seenAt.get(position));
  }
}
