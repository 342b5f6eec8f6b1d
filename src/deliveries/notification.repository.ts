import { Inject, Injectable } from '@nestjs/common';
import type { Channel, DeliveryStatus } from '../domain/notification.js';
import { Prisma } from '../platform/database/database.module.js';
import type { Attempt, Delivery, Notification } from '../platform/database/generated/client.js';
import { firstIdAt } from '../platform/ids/new-id.js';
import { groupBy } from './group-by.js';
import { beforeDeliveriesOf } from './sql/span-of.js';

/** A notification with its deliveries and attempts. */
export interface NotificationRecord {
  readonly notification: Omit<Notification, 'content'>;
  readonly deliveries: readonly { readonly delivery: Delivery; readonly attempts: readonly Attempt[] }[];
}

export interface NotificationFilter {
  readonly appId?: string | undefined;
  readonly uid?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly status?: DeliveryStatus | undefined;
  /** Received at or after. */
  readonly from?: Date | undefined;
  /** Received before. */
  readonly to?: Date | undefined;
  /** Older than the notification with this id. */
  readonly before?: string | undefined;
}

/** Reads notifications, newest first. Ids sort by time, so a page begins where the previous one ended. */
@Injectable()
export class NotificationRepository {
  constructor(@Inject(Prisma) private readonly prisma: Prisma) {}

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

  async list(filter: NotificationFilter, limit: number): Promise<NotificationRecord[]> {
    const { appId, uid, channel, status, from, to, before } = filter;
    const upper = [...(to ? [firstIdAt(to)] : []), ...(before === undefined ? [] : [before])].sort()[0];
    const found = await this.prisma.notification.findMany({
      where: {
        ...(appId === undefined ? {} : { appId }),
        ...(uid === undefined ? {} : { uid }),
        ...(channel === undefined ? {} : { channel }),
        ...(status === undefined ? {} : { status }),
        id: { ...(from ? { gte: firstIdAt(from) } : {}), ...(upper === undefined ? {} : { lt: upper }) },
      },
      omit: { content: true },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return this.withDeliveries(found);
  }

  private async withDeliveries(
    notifications: readonly Omit<Notification, 'content'>[],
  ): Promise<NotificationRecord[]> {
    const ids = notifications.map(({ id }) => id);
    const deliveries = await this.prisma.delivery.findMany({
      where: { notificationId: { in: ids }, id: { gt: beforeDeliveriesOf(ids) } },
      orderBy: { id: 'asc' },
    });
    const attempts = await this.prisma.attempt.findMany({
      where: { deliveryId: { in: deliveries.map(({ id }) => id) } },
      orderBy: { attempt: 'asc' },
    });
    const attemptsOf = groupBy(attempts, ({ deliveryId }) => deliveryId);
    const deliveriesOf = groupBy(deliveries, ({ notificationId }) => notificationId);
    return notifications.map((notification) => ({
      notification,
      deliveries: (deliveriesOf.get(notification.id) ?? []).map((delivery) => ({
        delivery,
        attempts: attemptsOf.get(delivery.id) ?? [],
      })),
    }));
  }
}
