import type { Reason } from './reason.js';

/**
 * A vendor's later report about a message that it accepted.
 *
 * `accepted`: the vendor has the message or forwarded it; `delivered`: the phone has it; `failed`: it will not arrive.
 */
export interface Receipt {
  /** The vendor's id of the message. */
  readonly vendorMessageId: string;
  /** Other forms of that id, if the vendor reports it in a different form. */
  readonly otherIds?: readonly string[];
  /** The `reference` sent with the message, if the vendor returns it. */
  readonly reference: string | null;
  readonly status: ReceiptStatus;
  /** Set if it failed. */
  readonly reason: Reason | null;
  readonly vendorCode: string | null;
  /** Time of the report on the vendor's clock. */
  readonly at: Date | null;
}

/** In increasing order. `delivered` is final. */
export const RECEIPT_STATUSES = ['accepted', 'failed', 'delivered'] as const;
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number];

/** Selects the effective one of two reports about a message, in either order. */
export function furthestReceipt(a: ReceiptStatus, b: ReceiptStatus): ReceiptStatus {
  return RECEIPT_STATUSES.indexOf(a) >= RECEIPT_STATUSES.indexOf(b) ? a : b;
}
