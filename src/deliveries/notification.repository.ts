import { Inject, Injectable } from '@nestjs/common';
import { Prisma, Sql } from '../platform/database/database.module.js';
import type { Notification } from '../platform/database/generated/client.js';
import type { UserCall } from './records.js';
import type { NotificationFilter, SearchFilter } from './notification-filter.js';
import { scanNotifications, type Scan } from './notification-scan.js';
import {
  notificationOfDelivery,
  notificationsOfCall,
  notificationsOfSms,
  type SmsAccount,
} from './sql/lookup.sql.js';
import { deliveriesOf, notificationsOf, type RecordedDelivery } from './sql/recorded.sql.js';
import { repeatsOf, type Repeat } from './sql/repeats.sql.js';

/** A notification with its deliveries and attempts. */
export interface NotificationRecord {
  readonly notification: Omit<Notification, 'content'>;
  readonly deliveries: readonly RecordedDelivery[];
}

/** A page of notifications, newest first. */
export interface NotificationPage {
  readonly records: readonly NotificationRecord[];
  /** The notification before which the next page begins; undefined if there are no more. */
  readonly stoppedAt: string | undefined;
}

/** Reads notifications, newest first. Ids sort by time, so a page begins where the previous one ended. */
@Injectable()
export class NotificationRepository {
  constructor(
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(Sql) private readonly sql: Sql,
  ) {}

  async find(id: string, appId?: string): Promise<NotificationRecord | undefined> {
    const where = appId === undefined ? { id } : { id, appId };
    const found = await this.prisma.notification.findMany({ where, omit: { content: true }, take: 1 });
    return (await this.withDeliveries(found))[0];
  }

  /** The notification together with its content, a JSON string. */
  async findWithContent(
    id: string,
    appId?: string,
  ): Promise<{ readonly record: NotificationRecord; readonly content: string } | undefined> {
    const where = appId === undefined ? { id } : { id, appId };
    const [found] = await this.prisma.notification.findMany({ where, take: 1 });
    if (!found) return undefined;
    const { content, ...notification } = found;
    const [record] = await this.withDeliveries([notification]);
    return record && { record, content };
  }

  /** Looks at a limited number of rows, so a page may hold fewer than `limit` although there are more. */
  async list(filter: NotificationFilter, limit: number): Promise<NotificationPage> {
    const { ids, stoppedAt } = await this.scan(filter, limit);
    return { records: await this.findAll(ids), stoppedAt };
  }

  /** Finds the ids of matching notifications, newest first. */
  scan(filter: SearchFilter, limit: number, maxScanned?: number): Promise<Scan> {
    return scanNotifications(this.sql, filter, limit, maxScanned);
  }

  /** The notifications with these ids, newest first. */
  async findAll(ids: readonly string[]): Promise<NotificationRecord[]> {
    return this.withDeliveries(await notificationsOf(this.sql, ids));
  }

  /** The notification of a delivery. */
  ofDelivery(deliveryId: string): Promise<string | undefined> {
    return notificationOfDelivery(this.sql, deliveryId);
  }

  /** The notifications of the SMS to which one of these accounts gave this message id. */
  ofSms(accounts: readonly SmsAccount[], vendorMessageId: string): Promise<string[]> {
    return notificationsOfSms(this.sql, accounts, vendorMessageId);
  }

  /** The notifications of a call that rang. */
  ofCall(sessionId: string, appIds: readonly string[] | undefined): Promise<string[]> {
    return notificationsOfCall(this.sql, sessionId, appIds);
  }

  /** The later notifications of the user that repeat one, oldest first; not those that wait to be planned. */
  repeatsOf(original: NotificationRecord['notification']): Promise<Repeat[]> {
    const { appId, uid, id } = original;
    return repeatsOf(this.sql, { appId, uid, id });
  }

  /** The action that ended a call for a user, and when; null while it may ring. */
  endOfCall(call: UserCall): Promise<{ readonly action: string; readonly endedAt: Date } | null> {
    const { appId, uid, sessionId } = call;
    return this.prisma.endedCall.findUnique({
      where: { appId_uid_sessionId: { appId, uid, sessionId } },
      select: { action: true, endedAt: true },
    });
  }

  private async withDeliveries(
    notifications: readonly NotificationRecord['notification'][],
  ): Promise<NotificationRecord[]> {
    const found = await deliveriesOf(this.sql, notifications);
    return notifications.map((notification) => ({
      notification,
      deliveries: found.get(notification.id) ?? [],
    }));
  }
}
