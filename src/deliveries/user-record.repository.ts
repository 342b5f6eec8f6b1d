import { Inject, Injectable } from '@nestjs/common';
import { UNKNOWN_SENDER } from '../domain/uid.js';
import { Prisma, Sql } from '../platform/database/database.module.js';
import type {
  Attempt,
  ConversationBurst,
  Delivery,
  EndedCall,
  Notification,
} from '../platform/database/generated/client.js';
import { deliveriesOf } from './sql/recorded.sql.js';
import {
  deleteMentionsOf,
  deleteNotificationsOf,
  numbersOf,
  STEP,
  type UserKey,
} from './sql/user-records.sql.js';

/** A notification as stored, with everything that belongs to it. */
export type WholeRecord = Notification & {
  readonly deliveries: readonly (Delivery & { readonly history: readonly Attempt[] })[];
};

/** What `UserRecordRepository.erase` deleted. */
export interface ErasedRecords {
  readonly notifications: number;
  /** Ended calls and counters of conversations. */
  readonly states: number;
}

/** Everything that the ledger has about one user. */
@Injectable()
export class UserRecordRepository {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  /** The numbers (E.164) to which SMS of the user were planned. */
  numbersOf(user: UserKey): Promise<string[]> {
    return numbersOf(this.sql, user);
  }

  /** The user's notifications, newest first, read a page at a time. */
  async *notifications({ appId, uid }: UserKey): AsyncGenerator<WholeRecord, void> {
    for (let before: string | undefined; ;) {
      const page = await this.prisma.notification.findMany({
        where: { appId, uid, ...(before === undefined ? {} : { id: { lt: before } }) },
        orderBy: { id: 'desc' },
        take: STEP,
      });
      const deliveries = await deliveriesOf(this.sql, page);
      for (const notification of page) {
        const ofIt = deliveries.get(notification.id) ?? [];
        yield {
          ...notification,
          deliveries: ofIt.map(({ delivery, attempts }) => ({ ...delivery, history: attempts })),
        };
      }
      if (page.length < STEP) return;
      before = page.at(-1)?.id;
    }
  }

  /** Calls that no longer ring for the user. */
  calls({ appId, uid }: UserKey): Promise<EndedCall[]> {
    return this.prisma.endedCall.findMany({ where: { appId, uid } });
  }

  /** The user's conversations whose pushes are counted. */
  bursts({ appId, uid }: UserKey): Promise<ConversationBurst[]> {
    return this.prisma.conversationBurst.findMany({ where: { appId, uid } });
  }

  /**
   * Deletes everything about the user, and the replies to SMS from these numbers, whose recipient is not known by uid.
   *
   * @param numbers E.164
   */
  async erase(user: UserKey, numbers: readonly string[]): Promise<ErasedRecords> {
    const replies = await deleteMentionsOf(this.sql, { appId: user.appId, uid: UNKNOWN_SENDER }, numbers);
    const notifications = await deleteNotificationsOf(this.sql, user);
    return { notifications: notifications + replies, states: await this.eraseStates(user) };
  }

  /** Deletes what planning stores about the user beside notifications. @returns the number of rows. */
  async eraseStates({ appId, uid }: UserKey): Promise<number> {
    const calls = await this.prisma.endedCall.deleteMany({ where: { appId, uid } });
    const bursts = await this.prisma.conversationBurst.deleteMany({ where: { appId, uid } });
    const replays = await this.prisma.replay.deleteMany({
      where: { appId, filter: { path: ['uid'], equals: uid } },
    });
    return calls.count + bursts.count + replays.count;
  }
}
