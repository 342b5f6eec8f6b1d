import type {
  Channel,
  DeliveryStatus,
  NotificationKind,
  NotificationSource,
} from '../domain/notification.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';

/** A user of an app. */
export interface UserKey {
  readonly appId: string;
  readonly uid: string;
}

/** Selects notifications; every part that is set must match. */
export interface NotificationFilter {
  /** Unset: all apps, including those that are no longer configured. */
  readonly appIds?: readonly string[] | undefined;
  readonly uid?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly kind?: NotificationKind | undefined;
  readonly status?: DeliveryStatus | undefined;
  readonly source?: NotificationSource | undefined;
  /** Reason of a delivery. */
  readonly reason?: Reason | undefined;
  /** Provider of a delivery or of one of its attempts; together with `outcome`, of that attempt. */
  readonly provider?: string | undefined;
  /** Outcome of an attempt. */
  readonly outcome?: AttemptOutcome | undefined;
  /** CometChat's id of the message. */
  readonly tag?: string | undefined;
  /** The call that it rings for or updates. */
  readonly sessionId?: string | undefined;
  /** Minimum time in ms from its arrival until it was settled, or until now while it waits; exclusive. */
  readonly slowerThanMs?: number | undefined;
  /** Whether it was received again. */
  readonly hasDuplicate?: boolean | undefined;
  /** The replay that sent it. */
  readonly replayId?: string | undefined;
  /** Received at or after. */
  readonly from?: Date | undefined;
  /** Received before. */
  readonly to?: Date | undefined;
  /** Older than the notification with this id. */
  readonly before?: string | undefined;
}

/** Conditions of the search alone. */
export interface SearchFilter extends NotificationFilter {
  readonly ids?: readonly string[] | undefined;
  readonly users?: readonly UserKey[] | undefined;
  readonly uidPrefix?: string | undefined;
  readonly exceptUsers?: readonly UserKey[] | undefined;
  /** An SMS to one of these numbers (E.164), or an SMS to their user that has no address. */
  readonly phnos?: readonly string[] | undefined;
  /** The message id or trace id that a vendor gave to an attempt. */
  readonly vendorId?: string | undefined;
}
