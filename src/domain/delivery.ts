import type { ApnsEnvironment } from './apns-environment.js';
import type { Channel, NotificationKind, Transport } from './notification.js';
import type { AttemptOutcome } from './outcome.js';
import type { Reason } from './reason.js';
import type { SmsEncoding } from './sms-encoding.js';

/** A phone or browser, as a provider needs to know it. */
export interface PushAddress {
  readonly transport: Transport;
  /** The push token; for Web Push the subscription's endpoint. */
  readonly token: string;
  /** Lower-case platform as the client registered it, such as `fcm_android`. */
  readonly platform: string;
  /** APNs only; unset: the client did not say. */
  readonly environment?: ApnsEnvironment | undefined;
  /** Web Push only. */
  readonly keys?: { readonly p256dh: string; readonly auth: string } | undefined;
}

/** A phone number that takes texts, in E.164. */
export interface SmsAddress {
  readonly phno: string;
}

/** A push that stands for all of its conversation's while they come too fast. */
export interface StormOptions {
  readonly conversationId: string;
  /** Messages since the storm began. */
  readonly count: number;
  /** It only brings up to date what has been heard before. */
  readonly silent: boolean;
  /** The notification that the storm began with. Unset: planned by an earlier version. */
  readonly began?: string | undefined;
}

/** A push of its own in a conversation whose pushes are counted. */
export interface CountedIn {
  readonly conversationId: string;
  /** The notification that the count began with. */
  readonly began: string;
}

/** How a text travels, as planned. */
export interface SmsPlan {
  /** Provider ids in the order in which they are tried. */
  readonly route: readonly string[];
  readonly onOverQuota: 'moveOn' | 'wait';
  /** The number's, as ISO 3166-1 alpha-2; null: of none, or unknown. */
  readonly country: string | null;
  /** The person's, as a BCP 47 tag, where it is known. */
  readonly language?: string;
  /** What the messages of one conversation have in common: the group's guid, or the sender's uid. */
  readonly conversation?: string;
  /** The number is the contact's: once that is deleted or has another number, nothing is sent. */
  readonly ofContact?: boolean;
  /** It confirms what the person has asked for (STOP, START, HELP): nothing holds it up. */
  readonly isReply?: boolean;
  /** It follows a text that was taken and of which nothing was heard since: it may be a double. */
  readonly afterSilence?: boolean;
}

/** What a text comes to, as the ledger keeps it. */
export interface TextFacts {
  readonly encoding: SmsEncoding;
  readonly segments: number;
  readonly country: string | null;
  /** In millionths of `currency`; null where no price is configured. */
  readonly costMicros: number | null;
  readonly currency: string | null;
}

/** How a message differs from what its event alone would give. */
export interface DeliveryOptions {
  /** The call rang and was not taken: the end of it is shown rather than passed on in silence. */
  readonly missedCall?: boolean;
  readonly title?: string;
  readonly body?: string;
  /** Empty: none. */
  readonly sound?: string;
  readonly priority?: 'high' | 'normal';
  /** How long the vendor may keep a push; never past the delivery's lifetime. */
  readonly ttlSeconds?: number;
  /** Fields beside those of the event, which they do not replace. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The words of a text. */
  readonly text?: string;
  readonly sms?: SmsPlan;
  readonly storm?: StormOptions;
  readonly countedIn?: CountedIn;
  /** The delivery whose place this one takes, because its address did not get it. */
  readonly insteadOf?: string;
}

/** A notification may reach a person by push and, where a rule copies it, by text as well. */
export function channelOf({ kind }: { readonly kind: string | null }): Channel {
  return kind === 'sms' ? 'sms' : 'push';
}

/** One address that a notification goes to, as planned. */
export interface PlannedDelivery {
  readonly id: string;
  readonly provider: string;
  /** As the ledger shows it: a transport, `sandbox` or `sms`. */
  readonly kind: string;
  readonly deviceId: string | null;
  /** The session of the device, where it has one. */
  readonly sessionId?: string | null | undefined;
  readonly address: PushAddress | SmsAddress;
  /** Why nothing is sent to this address after all. */
  readonly skip?: Reason | undefined;
  /** The call that this delivery rings for. */
  readonly ringSession?: string | undefined;
  readonly options?: DeliveryOptions | undefined;
}

/** An attempt that was made for a delivery before the present one. */
export interface EarlierAttempt {
  readonly attempt: number;
  readonly provider: string;
  /** `unknown` without a code: the process ended while it was under way. */
  readonly outcome: AttemptOutcome;
  readonly vendorCode: string | null;
  readonly startedAt: Date;
  readonly durationMs: number;
}

/** What a worker needs to make one attempt. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly notificationId: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly notificationKind: NotificationKind;
  readonly uid: string;
  readonly provider: string;
  readonly kind: string;
  readonly deviceId: string | null;
  readonly address: PushAddress | SmsAddress;
  readonly options: DeliveryOptions;
  /** The webhook's `data`, parsed. */
  readonly content: unknown;
  readonly receivedAt: Date;
  readonly expiresAt: Date;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  /** It rings for a call. */
  readonly rings: boolean;
  /** How many of the attempts before this one may have reached the vendor and had no answer. */
  readonly unanswered: number;
  /** When the attempt began, by the database's clock, which is also that of registrations. */
  readonly claimedAt: Date;
  /** Texts only: the attempts before this one, in their order. */
  readonly earlier: readonly EarlierAttempt[];
  /**
   * Past this moment, by `performance.now()`, which no step of the clock moves, what is left of the claim is too short
   * for a call to the vendor: none may begin.
   */
  readonly beginBefore: number;
}
