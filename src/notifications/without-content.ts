import { withoutStrings } from '../domain/without-strings.js';
import type { NotificationDto } from './notification.dto.js';

/** A notification as a viewer sees it: of messages that would have been sent, the form without the content. */
export function withoutContent<T extends NotificationDto>(notification: T): T {
  const deliveries = notification.deliveries.map((delivery) =>
    delivery.wouldSend === undefined
      ? delivery
      : { ...delivery, wouldSend: withoutStrings(delivery.wouldSend) },
  );
  return { ...notification, deliveries };
}
