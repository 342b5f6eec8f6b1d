import type { DeliveryStatus } from '../domain/notification.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import { furthestReport, type DeliveryReportStatus } from '../domain/delivery-report.js';
import type { Reason } from '../domain/reason.js';

/** The fields of a delivery that a delivery report depends on. */
export interface DeliveryState {
  readonly status: DeliveryStatus;
  readonly reason: Reason | null;
  /** Number of the newest attempt. */
  readonly attempts: number;
  /** A worker is making that attempt now. */
  readonly isClaimed: boolean;
}

export interface AttemptState {
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly receiptStatus: DeliveryReportStatus | null;
}

/** The furthest status that a vendor has reported for one attempt. */
export interface ReportFacts {
  readonly attempt: number;
  readonly status: DeliveryReportStatus;
  readonly reason: Reason | null;
}

/** The effect of a delivery report on its attempt and delivery. */
export interface ReportEffect {
  /** The report adds to what was known of the attempt. */
  readonly isNews: boolean;
  readonly attempt: AttemptState;
  readonly delivery: Pick<DeliveryState, 'status' | 'reason'>;
}

/**
 * Applies a delivery report. Reports may come at any time, in any order and repeatedly; the spec has the same rules as
 * a table.
 *
 * @param attempts all attempts of the delivery.
 * @returns undefined if the attempt does not exist.
 */
export function applyReport(
  delivery: DeliveryState,
  attempts: readonly AttemptState[],
  report: ReportFacts,
): ReportEffect | undefined {
  const before = attempts.find(({ attempt }) => attempt === report.attempt);
  if (!before) return undefined;
  const receiptStatus = before.receiptStatus
    ? furthestReport(before.receiptStatus, report.status)
    : report.status;
  // A vendor that reports on a message has accepted it, unless the report repeats a refusal.
  const isAccepted = before.outcome === 'unknown' || receiptStatus !== 'failed';
  const attempt = { ...before, outcome: isAccepted ? ('accepted' as const) : before.outcome, receiptStatus };
  const isNews = attempt.outcome !== before.outcome || receiptStatus !== before.receiptStatus;
  const others = attempts.filter((other) => other !== before);
  return {
    isNews,
    attempt,
    delivery: {
      status: delivery.status,
      reason: delivery.reason,
      ...change(delivery, attempt, others, report),
    },
  };
}

function change(
  delivery: DeliveryState,
  { attempt, receiptStatus }: AttemptState,
  others: readonly AttemptState[],
  { reason }: ReportFacts,
): Pick<DeliveryState, 'status' | 'reason'> | undefined {
  if (delivery.status === 'delivered') return undefined;
  switch (receiptStatus) {
    case 'delivered':
      return { status: 'delivered', reason: null };
    case 'failed': {
      // If another attempt is pending, in progress or may still arrive, that one decides.
      const mayArrive = others.some(
        (other) => other.outcome === 'accepted' && other.receiptStatus !== 'failed',
      );
      if (delivery.status !== 'sent' || mayArrive) return undefined;
      return { status: 'failed', reason: reason ?? 'undelivered' };
    }
    case 'accepted': {
      // A later attempt in progress decides by its own result.
      const isFree = !delivery.isClaimed || attempt === delivery.attempts;
      const waits = delivery.status === 'queued' && isFree;
      const wasUnknown = delivery.status === 'failed' && delivery.reason === 'outcome_unknown';
      return waits || wasUnknown ? { status: 'sent', reason: null } : undefined;
    }
    case null:
      return undefined;
  }
}
