import type { Reason } from './reason.js';

/**
 * What a vendor says of late about a message that it has taken.
 *
 * `accepted`: it has the message, or has passed it on; `delivered`: the phone has it; `failed`: it never will.
 */
export interface Receipt {
  /** The vendor's id of the message. */
  readonly vendorMessageId: string;
  /**
   * Ids that may stand for the same message, where a vendor's receipts write numbers otherwise than its answers do.
   * They are looked for only where no message has `vendorMessageId`.
   */
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

export const RECEIPT_STATUSES = ['accepted', 'delivered', 'failed'] as const;
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number];
