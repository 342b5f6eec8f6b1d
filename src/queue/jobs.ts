import type { ApnsEnvironment } from '../domain/apns-environment.js';
import type { Channel, NotificationKind, NotificationSource } from '../domain/notification.js';

/** Queues with separate workers: rings never wait for chats, nor pushes for a slow SMS vendor. */
export const QUEUES = ['push', 'calls', 'sms', 'devices', 'replays', 'upkeep'] as const;

/**
 * Queues of earlier versions, with a job to plan each notification and one for each delivery. Their jobs are still run
 * (`processors/former.processor.ts`). Delete in the release after the next one.
 */
export const FORMER_QUEUES = ['plan', 'plan-calls', 'push-calls'] as const;

export const ALL_QUEUES = [...QUEUES, ...FORMER_QUEUES] as const;
export type QueueName = (typeof ALL_QUEUES)[number];

export const isFormerQueue = (queueName: QueueName): boolean =>
  (FORMER_QUEUES as readonly QueueName[]).includes(queueName);

/** Queues whose jobs are notifications or their deliveries. */
export const NOTIFICATION_QUEUES = [
  'push',
  'calls',
  'sms',
  ...FORMER_QUEUES,
] as const satisfies readonly QueueName[];

/** The queue of a notification, and of a delivery that its job leaves over. */
export function queueOf(channel: Channel, isForCall: boolean): 'push' | 'calls' | 'sms' {
  switch (channel) {
    case 'push':
      return isForCall ? 'calls' : 'push';
    case 'sms':
      return 'sms';
  }
}

/** Restricts a push to some of a user's devices; one of these is set. */
export interface DeviceTarget {
  readonly deviceId?: string;
  /** Several devices; since version 2 of the payload. */
  readonly deviceIds?: readonly string[];
  readonly sessionId?: string;
  /** All except those of this session. */
  readonly exceptSessionId?: string;
}

/**
 * Finds the addresses of a notification, writes one delivery for each, and makes the first attempt of each.
 *
 * Produced by `notifications`, consumed by `processors`. The job's id is the notification's id.
 */
export interface SendNotification {
  /** 2: has `deviceIds` or `isRepeat`, which version 1 would ignore. */
  readonly v: 1 | 2;
  readonly appId: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The webhook's `data` as a JSON string, because jsonb on PostgreSQL rejects U+0000. */
  readonly content: string;
  /** Unset: all of the user's devices. */
  readonly target?: DeviceTarget | undefined;
  /** Default and maximum are configured. */
  readonly ttlSeconds?: number | undefined;
  /** Set for an SMS that answers one from the user, by the provider that received it. */
  readonly reply?: { readonly provider: string } | undefined;
  /** Requested or resent by the app's backend or an operator, not by CometChat. */
  readonly isAskedFor?: boolean | undefined;
  /** Hash of the request if it had an `Idempotency-Key`. */
  readonly requestFingerprint?: string | undefined;
  /** Unset: enqueued by an earlier version. */
  readonly source?: NotificationSource | undefined;
  /** The notification that it repeats. */
  readonly originId?: string | undefined;
  /** Name of the credential that it came with. */
  readonly receivedBy?: string | undefined;
  /** A repeat of `originId` that got an id of its own: it is recorded, and nothing is sent. */
  readonly isRepeat?: boolean | undefined;
}

/**
 * Sends a delivery that the job of its notification has left over: one to be retried or delayed, or one that has to wait
 * for its account.
 *
 * Produced by `processors` and `channels`, consumed by `processors`. The job's id is the delivery's id. Content and
 * address are read from the ledger, so that the queue stores no address.
 */
export interface SendDelivery {
  readonly v: 1;
  readonly notificationId: string;
  /** With `provider` and `kind`, names the account; while its breaker is open, the delivery is not claimed. */
  readonly appId: string;
  /** Keeps a user's jobs in one shard. */
  readonly uid?: string;
  readonly provider: string;
  readonly kind: string;
  /** Milliseconds since the epoch, after which it no longer waits for its account. */
  readonly expiresAt: number;
  /** Crashes of the job that left it over (`JobIsolation`); unset: none. */
  readonly crashes?: number;
}

/**
 * Sends an SMS through the next provider if no delivery report arrived.
 *
 * Produced by `channels/sms`, consumed by `processors`.
 */
export interface AwaitDeliveryReport {
  readonly v: 1;
  readonly deliveryId: string;
  readonly notificationId: string;
  readonly appId: string;
  /** Keeps a user's jobs in one shard. */
  readonly uid?: string;
  /** Id for the next delivery. */
  readonly successorId: string;
  /** The provider that should report. Unset: enqueued by an earlier version. */
  readonly reporter?: string;
  /** Remaining providers, in order. */
  readonly route: readonly string[];
  /** Milliseconds since the epoch, after which nothing is sent. */
  readonly expiresAt: number;
}

/** Retires an address that its vendor reports dead. Produced by `channels`, consumed by `recipients`. */
export interface RetireDevice {
  readonly v: 1;
  readonly deviceId: string;
  readonly reason: string;
  readonly vendorCode: string;
  /** Milliseconds since the epoch: the vendor's time of expiry, else of its answer. Later registrations stay. */
  readonly at: number;
  /** The vendor gives the same answer if the account is the wrong one. */
  readonly accountMayBeWrong?: boolean | undefined;
}

/** A device whose vendor accepted a push. */
export interface ReachedDevice {
  readonly id: string;
  /** Its environment as detected, if the client named none. */
  readonly environment?: ApnsEnvironment | undefined;
}

/** Records that vendors accepted pushes to devices. Produced by `channels`, consumed by `recipients`. */
export interface DevicesReached {
  readonly v: 1;
  readonly devices: readonly ReachedDevice[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Checks accounts with vendors. Produced by `deliveries` and `channels`, consumed by `channels`. */
export interface CheckAccounts {
  readonly v: 1;
  /** Unset: all accounts whose check is due. */
  readonly account?: { readonly appId: string; readonly channel: Channel; readonly provider: string };
}

/**
 * Sends the next notifications of a replay again, as many as its rate allows at once.
 *
 * Produced and consumed by `notifications`. The remaining work is read from the ledger.
 */
export interface RunReplay {
  readonly v: 1;
  readonly replayId: string;
  /** Number of the start that this job belongs to; a job of an earlier start ends. */
  readonly run: number;
}

/** Payloads by job name. */
export interface Jobs {
  'notification.send': SendNotification;
  /** Its name in earlier versions. */
  'notification.plan': SendNotification;
  'push.send': SendDelivery;
  'sms.send': SendDelivery;
  'sms.await-receipt': AwaitDeliveryReport;
  'device.retire': RetireDevice;
  'device.reached': DevicesReached;
  /** Retires devices that are no longer registered, and deletes long retired ones. By and for `recipients`. */
  'device.sweep': Record<string, never>;
  'ledger.prune': Record<string, never>;
  'provider.check': CheckAccounts;
  'replay.run': RunReplay;
  /** Restarts replays whose job was lost. By and for `notifications`. */
  'replay.watch': Record<string, never>;
}
export type JobName = keyof Jobs;

export interface JobPolicy {
  /** Attempts before the job is dead-lettered for an operator. */
  readonly attempts: number;
  /** First delay between attempts; doubles each time. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Completed jobs kept for Bull Board; 0 if the ledger keeps the record. */
  readonly keepCompleted: number;
  /** Dead-lettered jobs kept; `all` if they are acknowledged work. */
  readonly keepFailed: number | 'all';
}

/** Retries without limit: only our own store can fail here, which must not lose work. */
const UNTIL_IT_WORKS = {
  attempts: 1_000_000,
  backoffMs: 500,
  maxBackoffMs: 60_000,
  keepCompleted: 0,
  keepFailed: 'all',
} as const;
/** For work that repeats by itself, or that no notification waits for. */
const UPKEEP = {
  attempts: 3,
  backoffMs: 1_000,
  maxBackoffMs: 60_000,
  keepCompleted: 10,
  keepFailed: 100,
} as const;

/**
 * Retry and retention policy by job name.
 *
 * The attempts at a vendor are limited by `delivery.maxAttempts` instead: a send job that is retried for another reason
 * (PostgreSQL is unavailable, another worker has claimed the delivery) uses no attempt.
 */
export const JOB_POLICIES: Readonly<Record<JobName, JobPolicy>> = {
  'notification.send': UNTIL_IT_WORKS,
  'notification.plan': UNTIL_IT_WORKS,
  'push.send': UNTIL_IT_WORKS,
  'sms.send': UNTIL_IT_WORKS,
  'sms.await-receipt': UNTIL_IT_WORKS,
  'device.retire': { ...UPKEEP, attempts: 20, keepCompleted: 100, keepFailed: 1_000 },
  'device.reached': { ...UPKEEP, attempts: 5, keepCompleted: 0 },
  'device.sweep': UPKEEP,
  'ledger.prune': UPKEEP,
  'provider.check': UPKEEP,
  // A replay with more steps than attempts gets another job from `replay.watch`.
  'replay.run': { ...UNTIL_IT_WORKS, maxBackoffMs: 10_000, keepFailed: 100 },
  'replay.watch': { ...UPKEEP, maxBackoffMs: 10_000 },
};
