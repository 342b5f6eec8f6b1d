import { Inject, Injectable } from '@nestjs/common';
import { SmsLedger } from '../../deliveries/sms-ledger.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Prisma, Sql } from '../../platform/database/database.module.js';
import type { TextedMessage } from '../../platform/database/generated/client.js';
import { deleteInSteps } from '../read-receipts/delete-in-steps.sql.js';
import { CLAIM, HOLDERS } from './texted-message.sql.js';

/** A notification that is about to report messages to a user by SMS. */
export interface SmsOfMessages {
  readonly appId: string;
  readonly uid: string;
  readonly notificationId: string;
  readonly messageIds: readonly string[];
}

type TextedUser = Pick<SmsOfMessages, 'appId' | 'uid'>;

/** For each message of an SMS, the notification that reports it. */
type Holders = readonly string[];

/** The messages reported to a user by SMS, so that no second SMS reports them. */
@Injectable()
export class TextedMessageRepository {
  private readonly claims = new Batcher((batch: readonly SmsOfMessages[]) => this.claimAll(batch));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
    private readonly ledger: SmsLedger,
  ) {}

  /**
   * Claims messages for an SMS. A message stays with the first notification that claimed it, however often that one is
   * planned, unless no SMS came of it: then another notification may claim it.
   *
   * @returns whether to send the SMS: false if other SMS report all of its messages.
   */
  async claim(sms: SmsOfMessages): Promise<boolean> {
    const holders = await this.claims.run(sms);
    if (holders.includes(sms.notificationId)) return true;
    const withoutSms = await this.ledger.withoutSms([...new Set(holders)]);
    if (withoutSms.length === 0) return false;
    const { appId, uid, messageIds, notificationId } = sms;
    const { count } = await this.prisma.textedMessage.updateMany({
      where: { appId, uid, messageId: { in: [...messageIds] }, notificationId: { in: withoutSms } },
      data: { notificationId, textedAt: new Date() },
    });
    return count > 0;
  }

  /** The messages reported to a user. */
  list({ appId, uid }: TextedUser): Promise<TextedMessage[]> {
    return this.prisma.textedMessage.findMany({ where: { appId, uid } });
  }

  /** Deletes the records of a user. @returns their number. */
  async erase({ appId, uid }: TextedUser): Promise<number> {
    return (await this.prisma.textedMessage.deleteMany({ where: { appId, uid } })).count;
  }

  /** Deletes records from before `before`. @returns their number. */
  deleteBefore(before: Date): Promise<number> {
    return deleteInSteps(this.sql, 'texted_message', before);
  }

  private async claimAll(batch: readonly SmsOfMessages[]): Promise<Holders[]> {
    const rows = batch.flatMap(({ messageIds, ...sms }, position) =>
      messageIds.map((messageId) => ({ ...sms, position, messageId })),
    );
    const keys = columns(rows, 'position', 'appId', 'uid', 'messageId');
    await CLAIM.run(this.sql, { ...keys, ...columns(rows, 'notificationId') });
    const holders = batch.map((): string[] => []);
    // A second statement, because the first one does not see rows that another process has written meanwhile.
    for (const { position, notificationId } of await HOLDERS.rows(this.sql, keys))
      holders[position]?.push(notificationId);
    return holders;
  }
}
