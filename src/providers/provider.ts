import type { PushAddress, SmsAddress } from '../domain/delivery.js';
import type { NotificationKind } from '../domain/notification.js';
import type { SendResult } from '../domain/outcome.js';

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
}

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
export type SmsProvider = Provider<SmsMessage>;
