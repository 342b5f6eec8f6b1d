import type { ClaimedDelivery, PlannedDelivery, SmsFacts } from '../domain/delivery.js';
import type { Channel, DeliveryStatus, NotificationKind } from '../domain/notification.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import type { DeliveryReport } from '../domain/delivery-report.js';
import type { Reason } from '../domain/reason.js';
import type { ProviderAccount } from './provider-state.repository.js';

// What the ledger is told and what it answers.

/** A notification as it was accepted. */
export interface AcceptedNotification {
  readonly id: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  readonly receivedAt: Date;
  /** The webhook's `data` as JSON text. */
  readonly content: string;
  /** Past this moment nothing of it is sent any more. */
  readonly expiresAt: Date;
  /** The hash of the request, where it had an `Idempotency-Key`. */
  readonly requestFingerprint?: string | null;
}

/** Where a notification goes: to some addresses, or, for a reason, to none. */
export type Plan =
  | {
      readonly deliveries: readonly PlannedDelivery[];
      /** The ways to the person that have no address. */
      readonly unreached?: readonly UnreachableChannel[];
    }
  | { readonly skipped: Extract<DeliveryStatus, 'skipped' | 'expired'>; readonly reason: Reason };

export interface UnreachableChannel {
  /** As the ledger shows it, where it is known. */
  readonly kind: string | null;
  readonly reason: Reason;
}

/** A delivery that is on record and has yet to be sent. */
export interface QueuedDelivery {
  readonly id: string;
  readonly provider: string;
  readonly kind: string;
}

/** What came of asking for a delivery to send. */
export type Claim =
  | { readonly state: 'claimed'; readonly delivery: ClaimedDelivery }
  /** Another worker is sending it, at the latest until then. */
  | { readonly state: 'busy'; readonly retryInMs: number }
  /** It must not be sent any more, and nobody has written that down yet. */
  | { readonly state: 'expired'; readonly reason: 'too_old' | 'call_over' }
  /** The address that it was planned for is not its person's any more, and nobody has written that down yet. */
  | { readonly state: 'unaddressed'; readonly reason: Reason }
  /** A later push of its conversation tells of it: that is on record now. */
  | { readonly state: 'collapsed' }
  /** It has a final status. */
  | { readonly state: 'settled' }
  /** The ledger has no such delivery: it was pruned. */
  | { readonly state: 'missing' };

/** How one attempt ended, and what that makes of its delivery. */
export interface AttemptResult {
  readonly deliveryId: string;
  readonly notificationId: string;
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly vendorCode: string | null;
  readonly vendorMessageId: string | null;
  readonly durationMs: number;
  readonly status: DeliveryStatus;
  readonly reason: Reason | null;
  /** Fields that had to go so that the message fits. */
  readonly dropped: readonly string[];
  /** Texts only. */
  readonly text?: SmsFacts | undefined;
}

/** A delivery that its address did not get. */
export interface LostDelivery {
  readonly id: string;
  readonly notificationId: string;
}

/** A delivery that is claimed and is not sent after all. */
export interface Unsent {
  readonly reason: Reason;
  readonly text?: SmsFacts | undefined;
  /** Where the app runs dry: the message as its vendor would have been given it. */
  readonly wouldSend?: Readonly<Record<string, unknown>> | undefined;
}

/** One call as one person has it. */
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

/** What a vendor decided about messages. */
export interface Refusals {
  /** Taken or refused. */
  readonly sends: number;
  readonly accepted: number;
  /** Refused because their address is dead. */
  readonly dead: number;
}

/** A device, and what the ledger needs to find its deliveries by. */
export interface UserDevice {
  readonly deviceId: string;
  readonly appId: string;
  readonly uid: string;
  /** When it was last registered: what was said of it before does not count. */
  readonly since: Date;
}

/** A text that is to be given to the next vendor and whose job is not in the queue yet. */
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

/** What a vendor calls the text of one attempt. */
export interface MessageLink {
  readonly appId: string;
  /** The provider's id in the configuration. */
  readonly provider: string;
  readonly vendorMessageId: string;
  /** The ids of all messages that the text was split into. */
  readonly partIds?: readonly string[] | undefined;
  readonly deliveryId: string;
  readonly attempt: number;
}

/** A receipt of one account, as it came. */
export interface ReceivedReport {
  readonly appId: string;
  readonly provider: string;
  readonly receipt: DeliveryReport;
}

/** A receipt whose text the ledger knows. */
export interface AppliedReport {
  readonly notificationId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly receipt: DeliveryReport;
  /** Where the text went; null where that was no number. */
  readonly phno: string | null;
  /** When the attempt began. */
  readonly sentAt: Date;
  /** What the delivery is now. */
  readonly status: DeliveryStatus;
  /** Whether the receipt made it that. */
  readonly changed: boolean;
}
