import { channelOf } from '../domain/delivery.js';
import type { Channel } from '../domain/notification.js';
import type { JobRequest } from './job-queue.js';
import type { SendDelivery } from './jobs.js';

const SEND_JOBS = { push: 'push.send', sms: 'sms.send' } as const satisfies Record<Channel, string>;

interface Delivery extends Pick<SendDelivery, 'provider' | 'kind'> {
  readonly id: string;
}

/** The job of a delivery. */
export function sendJob(
  { id, provider, kind }: Delivery,
  { notificationId, appId, uid, expiresAt, crashes }: Omit<SendDelivery, 'v' | 'provider' | 'kind'>,
  delayMs = 0,
): Omit<JobRequest<'push.send' | 'sms.send'>, 'queueName'> {
  const user = uid === undefined ? {} : { uid };
  const suspicion = crashes === undefined || crashes === 0 ? {} : { crashes };
  const data = { v: 1, notificationId, appId, ...user, provider, kind, expiresAt, ...suspicion } as const;
  return { name: SEND_JOBS[channelOf({ kind })], id, data, delayMs };
}
