import type { ClaimedDelivery, PlannedDelivery, SmsFacts } from '../domain/delivery.js';
import type {
  Channel,
  DeliveryStatus,
  NotificationKind,
  NotificationSource,
} from '../domain/notification.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import type { DeliveryReport } from '../domain/delivery-report.js';
import type { Reason } from '../domain/reason.js';
import type { ProviderAccount } from './provider-state.repository.js';

// Inputs and outputs of the ledger.

/** A notification as accepted. */
export interface AcceptedNotification {
  readonly id: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  readonly receivedAt: Date;
  /** The webhook's `data` as a JSON string. */
  readonly content: string;
  /** Nothing of it is sent after this time. */
  readonly expiresAt: Date;
  /** Hash of the request, if it had an `Idempotency-Key`. */
  readonly requestFingerprint?: string | null;
  readonly source?: NotificationSource | null;
  /** The notification that it repeats. */
  readonly originId?: string | null;
  /** Name of the credential that it came with. */
  readonly receivedBy?: string | null;
}

/** Why a device of the recipient gets no delivery. */
export type LeftOut =
  /** The notification is for other devices. */
  | 'not_targeted'
  /** A VoIP token rings for calls and does nothing else. */
  | 'voip_rings_only'
  /** The VoIP token of the same session rings. */
  | 'rings_by_voip';

/** How a notification was planned, for the people who ask. */
export interface PlanNotes {
  /** Names of the rules that matched. */
  readonly rules: readonly string[];
  readonly leftOut: readonly LeftOutDevice[];
  /** Nothing is sent earlier, in ms since the epoch: a rule delays it, or a digest push is due then. */
  readonly notBefore?: number | undefined;
}

export interface LeftOutDevice {
  readonly deviceId: string;
  /** Its transport. */
  readonly kind: string;
  readonly why: LeftOut;
}

/** The deliveries of a notification, or the reason for having none. */
export type Plan =
  | {
      readonly deliveries: readonly PlannedDelivery[];
      /** Channels without an address. */
      readonly unreached?: readonly UnreachableChannel[];
    }
  | { readonly skipped: Extract<DeliveryStatus, 'skipped' | 'expired'>; readonly reason: Reason };

export interface UnreachableChannel {
  /** As the ledger shows it; null if unknown. */
  readonly kind: string | null;
  readonly reason: Reason;
  /** The call that would have rung. */
  readonly ringSession?: string | undefined;
}

/** A delivery that is on record and still to be sent. */
export interface QueuedDelivery {
  readonly id: string;
  readonly provider: string;
  readonly kind: string;
  /** Milliseconds until its next attempt is due, if an earlier one was made. */
  readonly dueInMs?: number | null;
}

/** The plan of a notification, as recorded. */
export interface RecordedNotification {
  /** Claimed for their first attempt. */
  readonly claimed: readonly ClaimedDelivery[];
  /** Still to be sent, each under a claim of its own. */
  readonly queued: readonly QueuedDelivery[];
}

/** Result of claiming a delivery. */
export type Claim =
  | { readonly state: 'claimed'; readonly delivery: ClaimedDelivery }
  /** Another worker holds the claim, at most until then. */
  | { readonly state: 'busy'; readonly retryInMs: number }
  /** It must no longer be sent; not yet on record. */
  | { readonly state: 'expired'; readonly reason: 'too_old' | 'call_over' }
  /** Its address no longer belongs to the recipient; not yet on record. */
  | { readonly state: 'unaddressed'; readonly reason: Reason }
  /** A digest push covers it; on record. */
  | { readonly state: 'collapsed' }
  /** It has a final status. */
  | { readonly state: 'settled' }
  /** The ledger has no such delivery: it was pruned. */
  | { readonly state: 'missing' };

/** Result of one attempt, and the resulting status of its delivery. */
export interface AttemptResult {
  readonly deliveryId: string;
  readonly notificationId: string;
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly vendorCode: string | null;
  readonly vendorMessageId: string | null;
  /** The vendor's own words, masked. */
  readonly vendorText?: string | null;
  readonly httpStatus?: number | null;
  /** The id by which the vendor finds the request. */
  readonly vendorTraceId?: string | null;
  readonly durationMs: number;
  readonly status: DeliveryStatus;
  readonly reason: Reason | null;
  /** Milliseconds until the next attempt; null if there is none. */
  readonly retryInMs?: number | null;
  /** Fields removed to fit the vendor's size limit. */
  readonly dropped: readonly string[];
  /** SMS only. */
  readonly sms?: SmsFacts | undefined;
}

/** A delivery whose address was not reached. */
export interface LostDelivery {
  readonly id: string;
  readonly notificationId: string;
}

/** A claimed delivery that is not sent. */
export interface Unsent {
  readonly reason: Reason;
  readonly sms?: SmsFacts | undefined;
  /** Dry run only: the message that the vendor would have received. */
  readonly wouldSend?: Readonly<Record<string, unknown>> | undefined;
}

/** One call of one user. */
export interface UserCall {
  readonly appId: string;
  readonly uid: string;
  readonly sessionId: string;
}

/** The account of one kind of device: providers of several kinds may share an id. */
export interface DeviceProviderAccount extends ProviderAccount {
  readonly channel: 'push';
  /** A transport or `sandbox`. */
  readonly kind: string;
}

/** A vendor's decisions on messages. */
export interface Refusals {
  /** Accepted or refused. */
  readonly sends: number;
  readonly accepted: number;
  /** Refused because of a dead address. */
  readonly dead: number;
}

/** A device, with the keys of its deliveries in the ledger. */
export interface UserDevice {
  readonly deviceId: string;
  readonly appId: string;
  readonly uid: string;
  /** Time of its last registration: earlier refusals do not count. */
  readonly since: Date;
}

/** An SMS for the next vendor whose job is not queued yet. */
export type DueSms = { readonly deliveryId: string } & (
  | {
      readonly notificationId: string;
      readonly appId: string;
      readonly uid: string;
      readonly provider: string;
      readonly expiresAt: Date;
    }
  | { readonly notificationId: null }
);

/** The vendor's message id of one SMS attempt. */
export interface MessageLink {
  readonly appId: string;
  /** The provider's id in the configuration. */
  readonly provider: string;
  readonly vendorMessageId: string;
  /** Ids of all parts, if the SMS was split into several messages. */
  readonly partIds?: readonly string[] | undefined;
  readonly deliveryId: string;
  readonly attempt: number;
}

/** A delivery report as received for one account. */
export interface ReceivedReport {
  readonly appId: string;
  readonly provider: string;
  readonly report: DeliveryReport;
}

/** A delivery report whose SMS is in the ledger. */
export interface AppliedReport {
  readonly notificationId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly report: DeliveryReport;
  /** The SMS's number; null if its address has none. */
  readonly phno: string | null;
  /** Start of the attempt. */
  readonly sentAt: Date;
  /** Status of the delivery after the report. */
  readonly status: DeliveryStatus;
  /** Whether the report changed that status. */
  readonly changed: boolean;
}
