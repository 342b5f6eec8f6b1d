import { describe, expect, it } from '@jest/globals';
import type { DeliveryReportStatus } from '../domain/delivery-report.js';
import {
  applyReport,
  type AttemptState,
  type DeliveryState,
  type ReportEffect,
  type ReportFacts,
} from './report-rules.js';

const queued: DeliveryState = { status: 'queued', reason: null, attempts: 1, isClaimed: false };
const claimed: DeliveryState = { ...queued, isClaimed: true };
const sent: DeliveryState = { ...queued, status: 'sent' };
const delivered: DeliveryState = { ...queued, status: 'delivered' };
const unknown: DeliveryState = { ...queued, status: 'failed', reason: 'outcome_unknown' };
const failed: DeliveryState = { ...queued, status: 'failed', reason: 'message_refused' };
const expired: DeliveryState = { ...queued, status: 'expired', reason: 'too_old' };
const secondClaimed: DeliveryState = { ...claimed, attempts: 2 };

const attempt = (
  outcome: AttemptState['outcome'],
  receiptStatus: DeliveryReportStatus | null = null,
  number = 1,
): AttemptState => ({ attempt: number, outcome, receiptStatus });
const another = (receiptStatus: DeliveryReportStatus | null = null): AttemptState =>
  attempt('accepted', receiptStatus, 2);

const reported = (status: DeliveryReportStatus, reason: ReportFacts['reason'] = null): ReportFacts => ({
  attempt: 1,
  status,
  reason,
});

type Row = [
  name: string,
  before: DeliveryState,
  attempts: AttemptState[],
  report: ReportFacts,
  /** The delivery's status and reason; then the attempt's outcome and report status. */
  after: [DeliveryState['status'], DeliveryState['reason'], AttemptState['outcome'], DeliveryReportStatus],
];

const table: Row[] = [
  // delivered is final
  [
    'sent, then reported delivered',
    sent,
    [attempt('accepted')],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'queued, then reported delivered',
    queued,
    [attempt('unknown')],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'claimed, then reported delivered',
    claimed,
    [attempt('unknown')],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'second attempt claimed, then the first reported delivered',
    secondClaimed,
    [attempt('unknown'), attempt('unknown', null, 2)],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'outcome unknown, then reported delivered',
    unknown,
    [attempt('unknown')],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'failed, then reported delivered',
    failed,
    [attempt('accepted', 'failed')],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'expired, then reported delivered',
    expired,
    [attempt('unavailable')],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered, then reported delivered again',
    delivered,
    [attempt('accepted', 'delivered')],
    reported('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered, then reported failed',
    delivered,
    [attempt('accepted', 'delivered')],
    reported('failed'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered, then reported accepted',
    delivered,
    [attempt('accepted', 'delivered')],
    reported('accepted'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered by another attempt, then reported failed',
    delivered,
    [attempt('accepted'), another('delivered')],
    reported('failed'),
    ['delivered', null, 'accepted', 'failed'],
  ],
  // failed overrides sent
  [
    'sent, then reported failed',
    sent,
    [attempt('accepted')],
    reported('failed'),
    ['failed', 'undelivered', 'accepted', 'failed'],
  ],
  [
    'sent, then reported failed for a reason',
    sent,
    [attempt('accepted')],
    reported('failed', 'opted_out'),
    ['failed', 'opted_out', 'accepted', 'failed'],
  ],
  [
    'sent and reported accepted, then reported failed',
    sent,
    [attempt('accepted', 'accepted')],
    reported('failed'),
    ['failed', 'undelivered', 'accepted', 'failed'],
  ],
  [
    'reported failed, then reported failed again',
    failed,
    [attempt('accepted', 'failed')],
    reported('failed'),
    ['failed', 'message_refused', 'accepted', 'failed'],
  ],
  [
    'sent twice, then one reported failed',
    sent,
    [attempt('accepted'), another()],
    reported('failed'),
    ['sent', null, 'accepted', 'failed'],
  ],
  [
    'sent twice and one reported failed, then the other reported failed',
    sent,
    [attempt('accepted'), another('failed')],
    reported('failed'),
    ['failed', 'undelivered', 'accepted', 'failed'],
  ],
  [
    'sent by the second attempt, then the first reported failed',
    { ...sent, attempts: 2 },
    [attempt('unknown'), another()],
    reported('failed'),
    ['sent', null, 'accepted', 'failed'],
  ],
  [
    'queued, then reported failed',
    queued,
    [attempt('unknown')],
    reported('failed'),
    ['queued', null, 'accepted', 'failed'],
  ],
  [
    'claimed, then reported failed',
    claimed,
    [attempt('unknown')],
    reported('failed'),
    ['queued', null, 'accepted', 'failed'],
  ],
  [
    'outcome unknown, then reported failed',
    unknown,
    [attempt('unknown')],
    reported('failed'),
    ['failed', 'outcome_unknown', 'accepted', 'failed'],
  ],
  [
    'refused, then reported failed',
    failed,
    [attempt('refused')],
    reported('failed'),
    ['failed', 'message_refused', 'refused', 'failed'],
  ],
  // accepted: the vendor has the message
  [
    'sent, then reported accepted',
    sent,
    [attempt('accepted')],
    reported('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'queued, then reported accepted',
    queued,
    [attempt('unknown')],
    reported('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'claimed, then reported accepted',
    claimed,
    [attempt('unknown')],
    reported('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'second attempt claimed, then the first reported accepted',
    secondClaimed,
    [attempt('unknown'), attempt('unknown', null, 2)],
    reported('accepted'),
    ['queued', null, 'accepted', 'accepted'],
  ],
  [
    'outcome unknown, then reported accepted',
    unknown,
    [attempt('unknown')],
    reported('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'unavailable, then reported accepted',
    queued,
    [attempt('unavailable')],
    reported('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'failed, then reported accepted',
    failed,
    [attempt('accepted', 'failed')],
    reported('accepted'),
    ['failed', 'message_refused', 'accepted', 'failed'],
  ],
  [
    'expired, then reported accepted',
    expired,
    [attempt('unknown')],
    reported('accepted'),
    ['expired', 'too_old', 'accepted', 'accepted'],
  ],
];

describe('applyReport', () => {
  it.each(table)('%s', (_name, delivery, attempts, report, [status, reason, outcome, receiptStatus]) => {
    expect(applyReport(delivery, attempts, report)).toMatchObject({
      delivery: { status, reason },
      attempt: { attempt: 1, outcome, receiptStatus },
    });
  });

  it('distinguishes news from known reports', () => {
    const isNews = (before: AttemptState, report: ReportFacts) => applyReport(sent, [before], report)?.isNews;
    expect(isNews(attempt('accepted'), reported('accepted'))).toBe(true);
    expect(isNews(attempt('accepted', 'accepted'), reported('accepted'))).toBe(false);
    expect(isNews(attempt('accepted', 'delivered'), reported('failed'))).toBe(false);
  });

  it('ignores a report on an attempt that does not exist', () => {
    expect(applyReport(sent, [another()], reported('delivered'))).toBeUndefined();
  });

  it('ends in the same state for repeated reports in any order', () => {
    const sequences: DeliveryReportStatus[][] = [
      ['accepted', 'failed', 'delivered'],
      ['accepted', 'delivered', 'failed'],
      ['failed', 'accepted', 'delivered'],
      ['failed', 'delivered', 'accepted'],
      ['delivered', 'accepted', 'failed'],
      ['delivered', 'failed', 'accepted'],
    ];
    for (const sequence of sequences) {
      const last = [...sequence, ...sequence].reduce<ReportEffect>(
        ({ delivery, attempt: one }, status) => {
          const effect = applyReport(Object.assign({}, sent, delivery), [one], reported(status));
          if (!effect) throw new Error('The attempt does not exist.');
          return effect;
        },
        { isNews: false, delivery: sent, attempt: attempt('accepted') },
      );
      expect([last.delivery.status, last.attempt.receiptStatus]).toEqual(['delivered', 'delivered']);
    }
  });
});
