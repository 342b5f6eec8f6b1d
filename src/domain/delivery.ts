import type { ApnsEnvironment } from './apns-environment.js';
import type { Channel, NotificationKind, Transport } from './notification.js';
import type { AttemptOutcome } from './outcome.js';
import type { Reason } from './reason.js';
import type { SmsEncoding } from './sms-encoding.js';

/** A phone or browser, with the fields that providers need. */
export interface PushAddress {
  readonly transport: Transport;
  /** The push token; for Web Push the subscription's endpoint. */
  readonly token: string;
  /** Lower-case platform as the client registered it, such as `fcm_android`. */
  readonly platform: string;
  /** APNs only; unset if the client did not state it. */
  readonly environment?: ApnsEnvironment | undefined;
  /** Web Push only. */
  readonly keys?: { readonly p256dh: string; readonly auth: string } | undefined;
}

/** A phone number for SMS, in E.164. */
export interface SmsAddress {
  readonly phno: string;
}

/** A digest push: replaces the pushes of a conversation during a burst. */
export interface BurstOptions {
  readonly conversationId: string;
  /** Messages since the burst began. */
  readonly count: number;
  /** Updates an earlier digest without sound. */
  readonly silent: boolean;
  /** First notification of the burst; unset if planned by an earlier version. */
  readonly began?: string | undefined;
}

/** A single push in a conversation whose pushes are counted. */
export interface CountedIn {
  readonly conversationId: string;
  /** First notification of the count. */
  readonly began: string;
}

/** The planned route of an SMS. */
export interface SmsPlan {
  /** Provider ids in failover order. */
  readonly route: readonly string[];
  readonly onOverQuota: 'moveOn' | 'wait';
  /** Country of the number (ISO 3166-1 alpha-2); null if it has none or it is unknown. */
  readonly country: string | null;
  /** The recipient's BCP 47 tag, if known. */
  readonly language?: string;
  /** Conversation id: the group's guid or the sender's uid. */
  readonly conversation?: string;
  /** The number comes from the contact; nothing is sent once the contact is deleted or its number changes. */
  readonly ofContact?: boolean;
  /** Confirms the recipient's STOP, START or HELP; no limit or opt-out applies. */
  readonly isReply?: boolean;
  /** Follows an accepted SMS without a delivery report; it may be a double. */
  readonly afterSilence?: boolean;
}

/** Segments and cost of an SMS, as stored in the ledger. */
export interface SmsFacts {
  readonly encoding: SmsEncoding;
  readonly segments: number;
  readonly country: string | null;
  /** In millionths of `currency`; null without a configured price. */
  readonly costMicros: number | null;
  readonly currency: string | null;
}

/** Changes to the message beyond its event. */
export interface DeliveryOptions {
  /** The call rang unanswered: show a missed call instead of a silent update. */
  readonly missedCall?: boolean;
  readonly title?: string;
  readonly body?: string;
  /** Empty: none. */
  readonly sound?: string;
  readonly priority?: 'high' | 'normal';
  /** How long the vendor may store a push; limited by the delivery's lifetime. */
  readonly ttlSeconds?: number;
  /** Additional fields; they never replace the event's. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Body of an SMS. */
  readonly text?: string;
  readonly sms?: SmsPlan;
  readonly storm?: BurstOptions;
  readonly countedIn?: CountedIn;
  /** The delivery that this one replaces, because its address was not reached. */
  readonly insteadOf?: string;
}

/** A notification uses one channel, or both if a rule copies a push to SMS. */
export function channelOf({ kind }: { readonly kind: string | null }): Channel {
  return kind === 'sms' ? 'sms' : 'push';
}

/** One planned address of a notification. */
export interface PlannedDelivery {
  readonly id: string;
  readonly provider: string;
  /** As shown in the ledger: a transport, `sandbox` or `sms`. */
  readonly kind: string;
  readonly deviceId: string | null;
  /** The device's session, if any. */
  readonly sessionId?: string | null | undefined;
  readonly address: PushAddress | SmsAddress;
  /** Set if nothing is sent to this address. */
  readonly skip?: Reason | undefined;
  /** The call that this delivery rings for. */
  readonly ringSession?: string | undefined;
  readonly options?: DeliveryOptions | undefined;
}

/** A previous attempt of the same delivery. */
export interface EarlierAttempt {
  readonly attempt: number;
  readonly provider: string;
  /** `unknown` without a code: the process ended during the attempt. */
  readonly outcome: AttemptOutcome;
  readonly vendorCode: string | null;
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** The fields of every claimed delivery. */
interface Claimed {
  readonly id: string;
  readonly notificationId: string;
  readonly appId: string;
  readonly notificationKind: NotificationKind;
  readonly uid: string;
  readonly provider: string;
  readonly kind: string;
  readonly options: DeliveryOptions;
  /** The webhook's `data`, parsed. */
  readonly content: unknown;
  readonly receivedAt: Date;
  readonly expiresAt: Date;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  /** Whether it rings for a call. */
  readonly rings: boolean;
  /** Number of earlier attempts that may have reached the vendor without a response. */
  readonly unanswered: number;
  /** Start of the attempt on the database clock, which also timestamps registrations. */
  readonly claimedAt: Date;
  /**
   * Latest start of a vendor call on the monotonic clock (`performance.now()`); after it, the claim could expire
   * during the call.
   */
  readonly beginBefore: number;
}

/** A claimed push. */
export interface ClaimedPush extends Claimed {
  readonly channel: Extract<Channel, 'push'>;
  /** Null if planned for an address without a device. */
  readonly deviceId: string | null;
  readonly address: PushAddress;
}

/** A claimed SMS. */
export interface ClaimedSms extends Claimed {
  readonly channel: Extract<Channel, 'sms'>;
  readonly address: SmsAddress;
  /** Previous attempts in order. */
  readonly earlier: readonly EarlierAttempt[];
}

/** A claimed delivery: the input of one attempt. */
export type ClaimedDelivery = ClaimedPush | ClaimedSms;
