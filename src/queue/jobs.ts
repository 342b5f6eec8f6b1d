import type { ApnsEnvironment } from '../domain/apns-environment.js';
import type { Channel, NotificationKind } from '../domain/notification.js';

/**
 * The belts. Each is a queue with workers of its own, so that nothing on one waits behind another: a ring never
 * queues behind chat, and a slow SMS vendor never holds up a push.
 */
export const QUEUES = ['plan', 'plan-calls', 'push', 'push-calls', 'sms', 'devices', 'upkeep'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Which of a person's devices a push is for; one of these. */
export interface DeviceTarget {
  readonly deviceId?: string;
  readonly sessionId?: string;
  /** All but those of this session. */
  readonly exceptSessionId?: string;
}

/**
 * Find the addresses of a notification and write one delivery for each.
 *
 * Produced by `notifications`, consumed by `recipients`. The job's id is the notification's id.
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
  /** Unset: all of the person's devices. */
  readonly target?: DeviceTarget | undefined;
  /** Unset: as long as the settings say, which is also the most. */
  readonly ttlSeconds?: number | undefined;
  /** A text that answers one of the person's, through the account that it came to. */
  readonly reply?: { readonly provider: string } | undefined;
  /** The app's backend or an operator asked for it, for the first time or again, rather than CometChat. */
  readonly isAskedFor?: boolean | undefined;
  /** The hash of the request, where it had an `Idempotency-Key`. */
  readonly requestFingerprint?: string | undefined;
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
  /** Whose account it goes through: while that one is to be left alone, the delivery is not even looked at. */
  readonly appId: string;
  /** Keeps all of a person's jobs in one shard. */
  readonly uid?: string;
  readonly provider: string;
  readonly kind: string;
  /** Past this moment, in milliseconds since the epoch, it does not wait for its account any more. */
  readonly expiresAt: number;
}

/**
 * Look whether anything was heard of a text, and if not, give it to the next vendor.
 *
 * Produced and consumed by `channels/sms`.
 */
export interface AwaitDeliveryReport {
  readonly v: 1;
  readonly deliveryId: string;
  readonly notificationId: string;
  readonly appId: string;
  /** Keeps all of a person's jobs in one shard. */
  readonly uid?: string;
  /** The id that the second delivery is to have. */
  readonly successorId: string;
  /** The provider that is to report. Unset: ordered by an earlier version. */
  readonly reporter?: string;
  /** The providers that are left for it, in their order. */
  readonly route: readonly string[];
  /** Past this moment, in milliseconds since the epoch, nothing is sent any more. */
  readonly expiresAt: number;
}

/** A vendor has said that an address is dead. Produced by `channels`, consumed by `recipients`. */
export interface RetireDevice {
  readonly v: 1;
  readonly deviceId: string;
  readonly reason: string;
  readonly vendorCode: string;
  /** Since when it is dead, in milliseconds, as the vendor says, or when it said so: a registration after it stands. */
  readonly at: number;
  /** The vendor says the same where our own account is the wrong one. */
  readonly accountMayBeWrong?: boolean | undefined;
}

/** A device whose vendor has taken a push. */
export interface ReachedDevice {
  readonly id: string;
  /** What its environment turned out to be, where its client had named none. */
  readonly environment?: ApnsEnvironment | undefined;
}

/** Vendors have taken pushes to these devices. Produced by `channels`, consumed by `recipients`. */
export interface DevicesReached {
  readonly v: 1;
  readonly devices: readonly ReachedDevice[];
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** Every kind of job and what it carries. Jobs are orders. */
export interface Jobs {
  'notification.plan': PlanNotification;
  'push.send': SendDelivery;
  'sms.send': SendDelivery;
  'sms.await-receipt': AwaitDeliveryReport;
  'device.retire': RetireDevice;
  'device.reached': DevicesReached;
  /** Retire what nobody has registered for long, and delete what was retired long ago. By and for `recipients`. */
  'device.sweep': Record<string, never>;
  'ledger.prune': Record<string, never>;
}
export type JobName = keyof Jobs;

export interface JobPolicy {
  /** Tries before the job is given up and set aside for a person to look at. */
  readonly attempts: number;
  /** The first wait between two tries, in milliseconds; each further one is twice as long. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Finished jobs that are kept for Bull Board; 0 where the ledger keeps the record, which costs the queue nothing. */
  readonly keepCompleted: number;
  /** Jobs given up that are kept; `all` where one of them is something that was acknowledged and not yet done. */
  readonly keepFailed: number | 'all';
}

/** For as long as it takes: what fails here is our own store, and no work may be lost over that. */
const UNTIL_IT_WORKS = {
  attempts: 1_000_000,
  backoffMs: 500,
  maxBackoffMs: 60_000,
  keepFailed: 'all',
} as const;

/**
 * How each kind of job is retried, and how long its remains are kept.
 *
 * How often a vendor is tried is not said here but in the settings (`delivery.maxAttempts`): a send job that is tried
 * again for another reason (PostgreSQL is away, another worker holds the delivery) uses up no attempt.
 */
export const JOB_POLICIES: Readonly<Record<JobName, JobPolicy>> = {
  'notification.plan': { ...UNTIL_IT_WORKS, keepCompleted: 0 },
  'push.send': { ...UNTIL_IT_WORKS, keepCompleted: 0 },
  'sms.send': { ...UNTIL_IT_WORKS, keepCompleted: 0 },
  'sms.await-receipt': { ...UNTIL_IT_WORKS, keepCompleted: 0 },
  'device.retire': {
    attempts: 20,
    backoffMs: 1_000,
    maxBackoffMs: 60_000,
    keepCompleted: 100,
    keepFailed: 1_000,
  },
  'device.reached': {
    attempts: 5,
    backoffMs: 1_000,
    maxBackoffMs: 60_000,
    keepCompleted: 0,
    keepFailed: 100,
  },
  'device.sweep': { attempts: 3, backoffMs: 1_000, maxBackoffMs: 60_000, keepCompleted: 10, keepFailed: 100 },
  'ledger.prune': { attempts: 3, backoffMs: 1_000, maxBackoffMs: 60_000, keepCompleted: 10, keepFailed: 100 },
};

export const PLAN_QUEUES = ['plan', 'plan-calls'] as const satisfies readonly QueueName[];

/** The lane of a notification's plan and of its sends. */
export function planQueue(kind: NotificationKind): QueueName {
  return kind === 'call' ? 'plan-calls' : 'plan';
}

export function sendQueue(channel: Channel, kind: NotificationKind): QueueName {
  if (channel === 'sms') return 'sms';
  return kind === 'call' ? 'push-calls' : 'push';
}
