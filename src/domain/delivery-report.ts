import type { Reason } from './reason.js';

/**
 * A vendor's later report about a message that it accepted.
 *
 * `accepted`: the vendor has the message or forwarded it; `delivered`: the phone has it; `failed`: it will not arrive.
 */
export interface DeliveryReport {
  /** The vendor's id of the message. */
  readonly vendorMessageId: string;
  /** Other forms of that id, if the vendor reports it in a different form. */
  readonly otherIds?: readonly string[];
  /** The `reference` sent with the message, if the vendor returns it. */
  readonly reference: string | null;
  readonly status: DeliveryReportStatus;
  /** Set if it failed. */
  readonly reason: Reason | null;
  readonly vendorCode: string | null;
  /** Time of the report on the vendor's clock. */
  readonly at: Date | null;
}

/** In increasing order. `delivered` is final. */
export const DELIVERY_REPORT_STATUSES = ['accepted', 'failed', 'delivered'] as const;
export type DeliveryReportStatus = (typeof DELIVERY_REPORT_STATUSES)[number];

/** Selects the effective one of two reports about a message, in either order. */
export function furthestReport(a: DeliveryReportStatus, b: DeliveryReportStatus): DeliveryReportStatus {
  return DELIVERY_REPORT_STATUSES.indexOf(a) >= DELIVERY_REPORT_STATUSES.indexOf(b) ? a : b;
}
