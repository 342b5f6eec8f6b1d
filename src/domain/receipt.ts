import type { Reason } from './reason.js';

/**
 * What a vendor says of late about a message that it has taken.
 *
 * `accepted`: it has the message, or has passed it on; `delivered`: the phone has it; `failed`: it never will.
 */
export interface Receipt {
  /** The vendor's id of the message. */
  readonly vendorMessageId: string;
  /** Other spellings of that id, where a vendor writes it in another way than when it took the message. */
  readonly otherIds?: readonly string[];
  /** What we sent along as `reference`, where the vendor hands it back. */
  readonly reference: string | null;
  readonly status: ReceiptStatus;
  /** Why, where it failed. */
  readonly reason: Reason | null;
  readonly vendorCode: string | null;
  /** When, by the vendor's clock. */
  readonly at: Date | null;
}

/** The furthest last. A message that arrived has arrived, whatever else is said of it. */
export const RECEIPT_STATUSES = ['accepted', 'failed', 'delivered'] as const;
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number];

/** Of two words on the same message, the one that counts, in whatever order they came. */
export function furthestReceipt(a: ReceiptStatus, b: ReceiptStatus): ReceiptStatus {
  return RECEIPT_STATUSES.indexOf(a) >= RECEIPT_STATUSES.indexOf(b) ? a : b;
}
