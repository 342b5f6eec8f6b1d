import type { PushAddress, SmsAddress } from '../domain/delivery.js';
import type { NotificationKind } from '../domain/notification.js';
import type { SendResult } from '../domain/outcome.js';
import type { SmsEncoding } from '../domain/sms-encoding.js';
import type { CallbackReader, VendorListener } from './callback.js';

/** What every provider is told about the delivery that it makes an attempt for. */
export interface SendContext {
  readonly deliveryId: string;
  readonly appId: string;
  readonly uid: string;
  readonly kind: NotificationKind;
  /** Ends the call when the process stops; then `send` throws `SendAborted`. */
  readonly signal: AbortSignal;
}

/** A push as its vendor's API takes it, built by `channels/push`. */
export interface PushMessage {
  readonly address: PushAddress;
  /** The body of the vendor's request: for FCM the `message` of HTTP v1 without its target. */
  readonly payload: Readonly<Record<string, unknown>>;
  /**
   * Headers of the vendor's request that say how to treat the push (`apns-push-type`, `TTL`), names in lower case;
   * FCM has all that in its body. Credentials, topic and ids are the provider's own business.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** A text, ready to be sent. */
export interface SmsMessage {
  readonly address: SmsAddress;
  readonly text: string;
  /** The alphabet that the text needs, and how many segments it takes in it. */
  readonly encoding: SmsEncoding;
  readonly segments: number;
  /**
   * Ours, for this one attempt: at most 40 characters, letters, digits and `-`. Vendors that take one hand it back in
   * their receipts, and some know by it a request that comes twice.
   */
  readonly reference: string;
  /** Where the vendor is to report what becomes of it; unset: `PUBLIC_URL` is not known. */
  readonly statusUrl?: string | undefined;
  /** How long the vendor may go on trying, in seconds. */
  readonly validForSeconds: number;
}

/** What a vendor found when it was asked for a message whose sending had ended without an answer. */
export type LookUp = { readonly found: true; readonly vendorMessageId: string } | { readonly found: false };

/**
 * One account with one vendor.
 *
 * `send` returns what the vendor decided (`accepted`, `refused`) and throws where it could not decide:
 * `ProviderUnavailable`, `ProviderOverQuota`, `ProviderMisconfigured`, `SendAborted`. It makes one request and never
 * tries again by itself. Every implementation passes `test/contracts/provider.contract.ts`.
 */
export interface Provider<M> {
  send(message: M, context: SendContext): Promise<SendResult>;
  /** Lets what is under way finish and closes the connections. */
  close(): Promise<void>;
}

export type PushProvider = Provider<PushMessage>;
export type AnyProvider = PushProvider | SmsProvider;

/** An account that sends texts. What a vendor has no way for is left out. */
export interface SmsProvider extends Provider<SmsMessage> {
  /** Reads what the vendor posts to our callback addresses. */
  readonly callbacks?: CallbackReader;
  /** Whether `statusUrl` is passed on; unset: it is. Otherwise the vendor reports where its own settings say, if at all. */
  readonly passesStatusUrl?: boolean;
  /**
   * Asks whether the vendor has a message.
   *
   * @param sentAt when its sending began.
   * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured where that cannot be told now.
   */
  lookUp?(message: SmsMessage, sentAt: Date, context: SendContext): Promise<LookUp>;
  /** How many messages the vendor is given for a text, where that is not its `segments`. */
  countParts?(message: Pick<SmsMessage, 'text' | 'encoding'>): number;
  /** Connects, and hands over what the vendor reports on that same connection. Called once, where texts are sent. */
  listen?(listener: VendorListener): void;
}
