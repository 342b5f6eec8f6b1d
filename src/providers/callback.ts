import type { OptOutKind } from '../domain/opt-out-word.js';
import type { DeliveryReport } from '../domain/delivery-report.js';

/** A vendor's request to one of our callback URLs. */
export interface CallbackRequest {
  readonly method: 'GET' | 'POST';
  /** As the vendor requested it: scheme, host, path and query, under `PUBLIC_URL` if set. */
  readonly url: string;
  /** The query without our `secret`. */
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw body. */
  readonly body: Buffer;
}

/** An SMS sent to one of our numbers. */
export interface InboundSms {
  /** The sender's number in E.164. */
  readonly from: string;
  /** Our number or sender id in the vendor's format. */
  readonly to: string | null;
  readonly text: string;
  readonly vendorMessageId: string | null;
  /** The keyword that the vendor recognised and answered itself. Unset: it answered none. */
  readonly takenFor?: OptOutKind;
}

/** Thrown by `readStatus` and `readInbound` for a request that does not have the documented form. */
export class UnreadableCallback extends Error {
  override readonly name = 'UnreadableCallback';
}

/** Authenticates and parses a vendor's callbacks. */
export interface CallbackReader {
  /**
   * Verifies the vendor's signature in constant time and, if it covers a timestamp, rejects old requests. Unset: the
   * vendor does not sign, or its key is not configured; `callbackSecret` is required instead.
   *
   * Returns a promise if the vendor's key must be fetched. Subscription confirmations are answered here as well, since
   * only verified ones are safe.
   *
   * @throws ProviderUnavailable if the key cannot be fetched; the vendor is asked to retry (503).
   */
  readonly isSigned?: ((request: CallbackRequest) => boolean | Promise<boolean>) | undefined;
  /**
   * How `callbackSecret` relates to the request's signature. `instead`: either is sufficient. `beside`: a configured
   * secret is required as well, because the signature covers too little. Unset: the secret is not checked.
   */
  secretOf?(request: CallbackRequest): 'instead' | 'beside' | undefined;
  /**
   * The nonce that the vendor signed with the request; a second request with it is rejected as a replay. Unset: the
   * signature covers everything, and repeated requests are harmless.
   */
  nonceOf?(request: CallbackRequest): string | undefined;
  /** Empty for events without a delivery status. @throws UnreadableCallback */
  readStatus(request: CallbackRequest): readonly DeliveryReport[];
  /** Unset: the vendor forwards no inbound SMS. @throws UnreadableCallback */
  readInbound?(request: CallbackRequest): readonly InboundSms[];
  /** The response that the vendor requires; unset: 200 and `{}`. */
  readonly answer?: { readonly contentType: string; readonly body: string };
}

/**
 * Receives reports and SMS over the vendor's connection instead of by callback. If it rejects, the vendor repeats them.
 */
export interface VendorListener {
  reports(reports: readonly DeliveryReport[]): Promise<void>;
  inbound(messages: readonly InboundSms[]): Promise<void>;
}
