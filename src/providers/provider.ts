import type { PushAddress, SmsAddress } from '../domain/delivery.js';
import type { NotificationKind } from '../domain/notification.js';
import type { SendResult } from '../domain/outcome.js';
import type { SmsEncoding } from '../domain/sms-encoding.js';
import type { CallbackReader, VendorListener } from './callback.js';

/** The context of an attempt. */
export interface SendContext {
  readonly deliveryId: string;
  readonly appId: string;
  readonly uid: string;
  readonly kind: NotificationKind;
  /** Aborts the call when the process stops; `send` then throws `SendAborted`. */
  readonly signal: AbortSignal;
}

/** A push in the format of the vendor's API, built by `channels/push`. */
export interface PushMessage {
  readonly address: PushAddress;
  /** The request body: for FCM the `message` of HTTP v1 without its target. */
  readonly payload: Readonly<Record<string, unknown>>;
  /**
   * Request headers for the treatment of the push (`apns-push-type`, `TTL`), names in lower case; FCM has them in the
   * body. The provider adds credentials, topic and ids.
   */
  readonly headers: Readonly<Record<string, string>>;
}

/** An SMS ready to be sent. */
export interface SmsMessage {
  readonly address: SmsAddress;
  readonly text: string;
  /** Required alphabet and number of segments. */
  readonly encoding: SmsEncoding;
  readonly segments: number;
  /**
   * Our id of this attempt: at most 40 letters, digits and `-`. Vendors that support one return it in delivery reports,
   * and some detect duplicate requests by it.
   */
  readonly reference: string;
  /** URL for delivery reports; unset if `PUBLIC_URL` is not configured. */
  readonly statusUrl?: string | undefined;
  /** How long the vendor may attempt delivery, in seconds. */
  readonly validForSeconds: number;
}

/** Result of looking up a message whose send ended without a response. */
export type LookUp = { readonly found: true; readonly vendorMessageId: string } | { readonly found: false };

/** Finding of the check of an account. */
export interface Checked {
  /** `failed`: the vendor refuses the account. `unknown`: the vendor did not decide, or the account cannot be checked. */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** The vendor's code, or that of the connection error; null without one. */
  readonly code: string | null;
  /** The finding as a sentence. */
  readonly text: string;
  /** The credit left on the account, if the vendor says it. */
  readonly balance?: { readonly amount: string; readonly currency: string | null } | undefined;
  /** The vendor's clock minus ours, in ms; unset if the vendor did not state the time. */
  readonly clockSkewMs?: number | undefined;
}

/**
 * An account with a vendor.
 *
 * `send` returns the vendor's decision (`accepted`, `refused`) and throws if there is none: `ProviderUnavailable`,
 * `ProviderOverQuota`, `ProviderMisconfigured`, `SendAborted`. It makes one request and never retries. Every
 * implementation passes `test/contracts/provider.contract.ts`.
 */
export interface Provider<M> {
  send(message: M, context: SendContext): Promise<SendResult>;
  /**
   * Proves the account without sending anything. Never throws for a fault of the vendor.
   *
   * @param appId the app of a running gateway; unset: nothing but the settings is known.
   * @throws SendAborted if the signal aborted the call.
   */
  check(signal: AbortSignal, appId?: string): Promise<Checked>;
  /** Waits for pending sends, then closes the connections. */
  close(): Promise<void>;
}

export type PushProvider = Provider<PushMessage>;
export type AnyProvider = PushProvider | SmsProvider;

/** An account that sends SMS. Operations that a vendor does not support are omitted. */
export interface SmsProvider extends Provider<SmsMessage> {
  /** Reads the vendor's requests to our callback URLs. */
  readonly callbacks?: CallbackReader;
  /**
   * Whether `statusUrl` is sent to the vendor; unset: true. Otherwise the vendor reports to the URL in its own
   * settings, if any.
   */
  readonly passesStatusUrl?: boolean;
  /**
   * Looks up whether the vendor has a message.
   *
   * @param sentAt start of its send.
   * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured if the lookup failed.
   */
  lookUp?(message: SmsMessage, sentAt: Date, context: SendContext): Promise<LookUp>;
  /** Number of messages that the vendor receives for an SMS, if it differs from `segments`. */
  countParts?(message: Pick<SmsMessage, 'text' | 'encoding'>): number;
  /** Connects and passes on what the vendor reports over that connection. Called once, in processes that send SMS. */
  listen?(listener: VendorListener): void;
}
