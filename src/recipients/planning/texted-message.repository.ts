import { Inject, Injectable } from '@nestjs/common';
import { Ledger } from '../../deliveries/ledger.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import { deleteInSteps } from '../read-receipts/delete-in-steps.sql.js';
import { CLAIM, HOLDERS } from './texted-message.sql.js';

/** A notification that is about to tell a person of messages by a text. */
export interface SmsOfMessages {
  readonly appId: string;
  readonly uid: string;
  readonly notificationId: string;
  readonly messageIds: readonly string[];
}

/** For each of the text's messages, the notification that tells of it. */
type Holders = readonly string[];

/** Which messages a person is told of by a text, so that no second text tells of them. */
@Injectable()
export class TextedMessageRepository {
  private readonly claims = new Batcher((texts: readonly SmsOfMessages[]) => this.claimAll(texts));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Takes these messages for a text. A message stays with the notification that took it first, however often that is
   * planned; unless no text came of it in the end: then another may tell of it.
   *
   * @returns whether there is something to tell: false where other texts tell of every one of them.
   */
  async claim(text: SmsOfMessages): Promise<boolean> {
    const holders = await this.claims.run(text);
    if (holders.includes(text.notificationId)) return true;
    const dead = await this.ledger.withoutSms([...new Set(holders)]);
    if (dead.length === 0) return false;
    const { appId, uid, messageIds, notificationId } = text;
    const { count } = await this.prisma.textedMessage.updateMany({
      where: { appId, uid, messageId: { in: [...messageIds] }, notificationId: { in: dead } },
      data: { notificationId, textedAt: new Date() },
    });
    return count > 0;
  }

  /** Deletes what was texted before `before`. @returns how many. */
  deleteBefore(before: Date): Promise<number> {
    return deleteInSteps(this.sql, 'texted_message', before);
  }

  private async claimAll(texts: readonly SmsOfMessages[]): Promise<Holders[]> {
    const rows = texts.flatMap(({ messageIds, ...text }, position) =>
      messageIds.map((messageId) => ({ ...text, position, messageId })),
    );
    const keys = columns(rows, 'position', 'appId', 'uid', 'messageId');
    await CLAIM.run(this.sql, { ...keys, ...columns(rows, 'notificationId') });
    const holders = texts.map((): string[] => []);
    // A statement of its own: the first one does not see what another process has written meanwhile.
    for (const { position, notificationId } of await HOLDERS.rows(this.sql, keys))
      holders[position]?.push(notificationId);
    return holders;
  }
}
