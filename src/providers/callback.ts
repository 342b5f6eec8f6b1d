import type { OptOutKind } from '../domain/opt-out-word.js';
import type { DeliveryReport } from '../domain/delivery-report.js';

/** A request of a vendor to one of our callback addresses. */
export interface CallbackRequest {
  readonly method: 'GET' | 'POST';
  /** As the vendor called it: scheme, host, path and query, under `PUBLIC_URL` where that is set. */
  readonly url: string;
  /** The query, without the `secret` of ours. */
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came. */
  readonly body: Buffer;
}

/** A text that somebody has sent to us. */
export interface InboundSms {
  /** The number of the one who wrote, in E.164. */
  readonly from: string;
  /** Our own number or name, as the vendor writes it. */
  readonly to: string | null;
  readonly text: string;
  readonly vendorMessageId: string | null;
  /** What the vendor itself has taken the text for, and answered. Unset: it leaves that to us, or took it for a message. */
  readonly takenFor?: OptOutKind;
}

/** Thrown by `readStatus` and `readInbound` where a request is not of the form that the vendor documents. */
export class UnreadableCallback extends Error {
  override readonly name = 'UnreadableCallback';
}

/** How one vendor's callbacks are told from forgeries, and read. */
export interface CallbackReader {
  /**
   * Whether the vendor's own signature holds, compared in constant time; old ones are refused where the signature
   * covers a time. Unset: the vendor signs nothing, or the key is not configured; then `callbackSecret` is asked for.
   *
   * A promise where the vendor's key has first to be fetched. What a vendor wants to be answered before it reports
   * anything (a subscription that has to be confirmed) is answered here as well: it is safe only once it is verified.
   *
   * @throws ProviderUnavailable where the key cannot be had now: the vendor should come again (503).
   */
  readonly isSigned?: ((request: CallbackRequest) => boolean | Promise<boolean>) | undefined;
  /**
   * What `callbackSecret` is to the signature of a request: `instead`, where one of them is enough; `beside`, where both
   * are needed if a secret is configured, because the signature covers too little. Unset: it is not asked for.
   */
  secretOf?(request: CallbackRequest): 'instead' | 'beside' | undefined;
  /**
   * What the vendor has drawn for a request alone and signed with it: a second request with it is no genuine one. Unset:
   * the signature covers everything, and repeats do no harm.
   */
  nonceOf?(request: CallbackRequest): string | undefined;
  /** Empty for events that tell nothing of a message. @throws UnreadableCallback */
  readStatus(request: CallbackRequest): readonly DeliveryReport[];
  /** Unset: the vendor hands nothing in. @throws UnreadableCallback */
  readInbound?(request: CallbackRequest): readonly InboundSms[];
  /** What the vendor wants to be answered; unset: 200 and `{}`. */
  readonly answer?: { readonly contentType: string; readonly body: string };
}

/** Takes what a vendor reports on its connection rather than by a callback. What is not taken is reported again. */
export interface VendorListener {
  receipts(receipts: readonly DeliveryReport[]): Promise<void>;
  inbound(texts: readonly InboundSms[]): Promise<void>;
}
