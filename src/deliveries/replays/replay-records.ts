import type {
  Channel,
  DeliveryStatus,
  NotificationKind,
  NotificationSource,
} from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';

// Inputs and outputs of replays.

/** Statuses of deliveries that a replay may send again. */
export const REPLAYABLE = ['failed', 'expired', 'skipped'] as const satisfies readonly DeliveryStatus[];
export type Replayable = (typeof REPLAYABLE)[number];

/** The deliveries that a replay sends again. */
export interface ReplayFilter {
  readonly appId: string;
  /** Received at or after; ISO 8601. */
  readonly from: string;
  /** Received before. */
  readonly to: string;
  readonly statuses: readonly Replayable[];
  readonly reasons: readonly Reason[];
  /** Unset: all. */
  readonly providers?: readonly string[] | undefined;
  readonly channel?: Channel | undefined;
  readonly uid?: string | undefined;
}

/** Part of the ledger, in order of id: after `after`, up to and including `upTo`. */
export interface ReplaySpan {
  readonly after: string;
  readonly upTo: string;
}

/** A delivery that the filter matches. */
export interface FailedDelivery {
  readonly id: string;
  readonly kind: string | null;
  readonly reason: string | null;
  /** It was planned for a device. */
  readonly hadDevice: boolean;
  /** That device, or its session's newer one of the same kind; null if none is in use. */
  readonly deviceId: string | null;
  /** Another delivery of the notification has reached the same device, or still may. */
  readonly isCovered: boolean;
  readonly isExpired: boolean;
  readonly expiresAt: Date;
  /** SMS only. */
  readonly isOptedOut: boolean;
  readonly segments: number | null;
  readonly costMicros: bigint | null;
  readonly currency: string | null;
}

/** A notification with deliveries that the filter matches. */
export interface ReplayCandidate {
  readonly id: string;
  readonly uid: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly source: NotificationSource | null;
  readonly status: DeliveryStatus;
  readonly deliveries: readonly FailedDelivery[];
  /** The notification by which this replay has sent it again. */
  readonly copyId: string | null;
  /** Earlier replays of it. */
  readonly rounds: number;
  /** The last of these is under way or has reached the user. */
  readonly isReplayed: boolean;
  /** It, or a copy of it, was resent by hand. */
  readonly isResent: boolean;
  /** The user's devices report seen messages. */
  readonly mayBeSeen: boolean;
}

export const REPLAY_STATES = ['running', 'paused', 'cancelled', 'done'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** Numbers of notifications that were left out. */
export type LeftOutCounts = Readonly<Record<string, number>>;

export interface ReplayRecord {
  readonly id: string;
  readonly state: ReplayState;
  readonly filter: ReplayFilter;
  readonly perSecond: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly run: number;
  readonly position: string | null;
  readonly sent: number;
  readonly leftOut: LeftOutCounts;
}

/** The result of a step of a replay. */
export interface ReplayProgress {
  readonly position: string;
  readonly sent: number;
  readonly leftOut: LeftOutCounts;
  readonly isDone: boolean;
}
