import type { Channel, NotificationKind } from '../domain/notification.js';

/**
 * The belts. Each is a queue with workers of its own, so that nothing on one waits behind another: a ring never
 * queues behind chat, and a slow SMS vendor never holds up a push.
 */
export const LANES = ['plan', 'plan-calls', 'push', 'push-calls', 'sms', 'upkeep'] as const;
export type Lane = (typeof LANES)[number];

/**
 * Find the addresses of a notification and write one delivery for each.
 *
 * Produced by `webhooks`, consumed by `recipients`. The job's id is the notification's id.
 */
export interface PlanNotification {
  readonly v: 1;
  readonly appId: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The webhook's `data` as JSON text: PostgreSQL's jsonb, where the queue may live, refuses U+0000. */
  readonly content: string;
}

/**
 * Make one attempt to send one delivery.
 *
 * Produced by `recipients`, consumed by `channels`. The job's id is the delivery's id; what to send, and where, is
 * read from the ledger, so that no address lies in the queue.
 */
export interface SendDelivery {
  readonly v: 1;
  readonly notificationId: string;
}

/** A vendor has said that an address is dead. Produced by `channels`, consumed by `recipients`. */
export interface RetireDevice {
  readonly v: 1;
  readonly deviceId: string;
  readonly reason: string;
  readonly vendorCode: string;
  /** When the vendor said so, in milliseconds: a registration after it stands. */
  readonly at: number;
}

/** Every kind of job and what it carries. Jobs are orders. */
export interface Jobs {
  'notification.plan': PlanNotification;
  'push.send': SendDelivery;
  'sms.send': SendDelivery;
  'device.retire': RetireDevice;
  'ledger.prune': Record<string, never>;
}
export type JobName = keyof Jobs;

export interface JobPolicy {
  /** Tries before the job is given up; waits that the vendor asked for do not count. */
  readonly attempts: number;
  /** The first wait between two tries, in milliseconds; each further one is twice as long. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Finished and failed jobs that are kept for Bull Board; the ledger keeps the record. */
  readonly keepCompleted: number;
  readonly keepFailed: number;
}

/**
 * How each kind of job is retried and how long its remains are kept.
 *
 * `notification.plan` can only fail because PostgreSQL is away or because of a fault of ours: it is tried for about
 * an hour and a half. A send is tried for about an hour.
 */
export const JOB_POLICIES: Readonly<Record<JobName, JobPolicy>> = {
  'notification.plan': { attempts: 100, backoffMs: 500, maxBackoffMs: 60_000, keepCompleted: 100, keepFailed: 10_000 },
  'push.send': { attempts: 12, backoffMs: 1_000, maxBackoffMs: 600_000, keepCompleted: 100, keepFailed: 10_000 },
  'sms.send': { attempts: 12, backoffMs: 1_000, maxBackoffMs: 600_000, keepCompleted: 100, keepFailed: 10_000 },
  'device.retire': { attempts: 10, backoffMs: 1_000, maxBackoffMs: 60_000, keepCompleted: 100, keepFailed: 1_000 },
  'ledger.prune': { attempts: 3, backoffMs: 1_000, maxBackoffMs: 60_000, keepCompleted: 10, keepFailed: 100 },
};

/** The lane of a notification's plan and of its sends. */
export function planLane(kind: NotificationKind): Lane {
  return kind === 'call' ? 'plan-calls' : 'plan';
}

export function sendLane(channel: Channel, kind: NotificationKind): Lane {
  if (channel === 'sms') return 'sms';
  return kind === 'call' ? 'push-calls' : 'push';
}
