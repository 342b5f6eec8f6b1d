import type { DeliveryStatus } from '../domain/notification.js';
import type { AttemptOutcome } from '../domain/outcome.js';
import { furthestReport, type DeliveryReportStatus } from '../domain/delivery-report.js';
import type { Reason } from '../domain/reason.js';

/** A delivery, as far as a receipt can change it. */
export interface DeliveryState {
  readonly status: DeliveryStatus;
  readonly reason: Reason | null;
  /** The number of its newest attempt. */
  readonly attempts: number;
  /** A worker is making that attempt at this moment. */
  readonly isClaimed: boolean;
}

export interface AttemptState {
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly receiptStatus: DeliveryReportStatus | null;
}

/** The furthest that a vendor has said of one attempt's text. */
export interface ReportFacts {
  readonly attempt: number;
  readonly status: DeliveryReportStatus;
  readonly reason: Reason | null;
}

/** What a receipt makes of its attempt and its delivery. */
export interface ReportEffect {
  /** It says more of the attempt than was known. */
  readonly isNews: boolean;
  readonly attempt: AttemptState;
  readonly delivery: Pick<DeliveryState, 'status' | 'reason'>;
}

/**
 * The rule for receipts, whenever and how often they come. Its spec is the same as a table.
 *
 * @param attempts all of the delivery's attempts.
 * @returns undefined where there is no such attempt.
 */
export function applyReport(
  delivery: DeliveryState,
  attempts: readonly AttemptState[],
  word: ReportFacts,
): ReportEffect | undefined {
  const before = attempts.find(({ attempt }) => attempt === word.attempt);
  if (!before) return undefined;
  const receiptStatus = before.receiptStatus
    ? furthestReport(before.receiptStatus, word.status)
    : word.status;
  // Whoever reports on a message has taken it. A refusal that is reported once more stays one.
  const taken = before.outcome === 'unknown' || receiptStatus !== 'failed';
  const attempt = { ...before, outcome: taken ? ('accepted' as const) : before.outcome, receiptStatus };
  const isNews = attempt.outcome !== before.outcome || receiptStatus !== before.receiptStatus;
  const others = attempts.filter((other) => other !== before);
  return {
    isNews,
    attempt,
    delivery: {
      status: delivery.status,
      reason: delivery.reason,
      ...change(delivery, attempt, others, word),
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
      // Where another attempt is to come or under way, or may still arrive, that one decides.
      const mayArrive = others.some(
        (other) => other.outcome === 'accepted' && other.receiptStatus !== 'failed',
      );
      if (delivery.status !== 'sent' || mayArrive) return undefined;
      return { status: 'failed', reason: reason ?? 'undelivered' };
    }
    case 'accepted': {
      // A later attempt that is under way ends by itself; the one that the receipt is about has ended well.
      const isFree = !delivery.isClaimed || attempt === delivery.attempts;
      const waits = delivery.status === 'queued' && isFree;
      const wasUnknown = delivery.status === 'failed' && delivery.reason === 'outcome_unknown';
      return waits || wasUnknown ? { status: 'sent', reason: null } : undefined;
    }
    case null:
      return undefined;
  }
}
