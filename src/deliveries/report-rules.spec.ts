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
const secondUnderWay: DeliveryState = { ...claimed, attempts: 2 };

const attempt = (
  outcome: AttemptState['outcome'],
  receiptStatus: DeliveryReportStatus | null = null,
  number = 1,
): AttemptState => ({ attempt: number, outcome, receiptStatus });
const another = (receiptStatus: DeliveryReportStatus | null = null): AttemptState =>
  attempt('accepted', receiptStatus, 2);

const word = (status: DeliveryReportStatus, reason: ReportFacts['reason'] = null): ReportFacts => ({
  attempt: 1,
  status,
  reason,
});

type Row = [
  name: string,
  before: DeliveryState,
  attempts: AttemptState[],
  said: ReportFacts,
  /** The delivery's status and reason; then the attempt's outcome and receipt. */
  after: [DeliveryState['status'], DeliveryState['reason'], AttemptState['outcome'], DeliveryReportStatus],
];

const table: Row[] = [
  // delivered is final
  [
    'sent, delivered',
    sent,
    [attempt('accepted')],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'queued, delivered',
    queued,
    [attempt('unknown')],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'under way, delivered',
    claimed,
    [attempt('unknown')],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'next under way, delivered',
    secondUnderWay,
    [attempt('unknown'), attempt('unknown', null, 2)],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'unknown, delivered',
    unknown,
    [attempt('unknown')],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'failed, delivered',
    failed,
    [attempt('accepted', 'failed')],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'expired, delivered',
    expired,
    [attempt('unavailable')],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered, delivered',
    delivered,
    [attempt('accepted', 'delivered')],
    word('delivered'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered, failed',
    delivered,
    [attempt('accepted', 'delivered')],
    word('failed'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered, accepted',
    delivered,
    [attempt('accepted', 'delivered')],
    word('accepted'),
    ['delivered', null, 'accepted', 'delivered'],
  ],
  [
    'delivered by another, failed',
    delivered,
    [attempt('accepted'), another('delivered')],
    word('failed'),
    ['delivered', null, 'accepted', 'failed'],
  ],
  // failed takes back what was sent
  [
    'sent, failed',
    sent,
    [attempt('accepted')],
    word('failed'),
    ['failed', 'undelivered', 'accepted', 'failed'],
  ],
  [
    'sent, failed for a reason',
    sent,
    [attempt('accepted')],
    word('failed', 'opted_out'),
    ['failed', 'opted_out', 'accepted', 'failed'],
  ],
  [
    'sent, passed on, failed',
    sent,
    [attempt('accepted', 'accepted')],
    word('failed'),
    ['failed', 'undelivered', 'accepted', 'failed'],
  ],
  [
    'sent, failed again',
    failed,
    [attempt('accepted', 'failed')],
    word('failed'),
    ['failed', 'message_refused', 'accepted', 'failed'],
  ],
  [
    'sent twice, one failed',
    sent,
    [attempt('accepted'), another()],
    word('failed'),
    ['sent', null, 'accepted', 'failed'],
  ],
  [
    'sent twice, both failed',
    sent,
    [attempt('accepted'), another('failed')],
    word('failed'),
    ['failed', 'undelivered', 'accepted', 'failed'],
  ],
  [
    'sent by the second, first failed',
    { ...sent, attempts: 2 },
    [attempt('unknown'), another()],
    word('failed'),
    ['sent', null, 'accepted', 'failed'],
  ],
  ['queued, failed', queued, [attempt('unknown')], word('failed'), ['queued', null, 'accepted', 'failed']],
  [
    'under way, failed',
    claimed,
    [attempt('unknown')],
    word('failed'),
    ['queued', null, 'accepted', 'failed'],
  ],
  [
    'unknown, failed',
    unknown,
    [attempt('unknown')],
    word('failed'),
    ['failed', 'outcome_unknown', 'accepted', 'failed'],
  ],
  [
    'refused, failed',
    failed,
    [attempt('refused')],
    word('failed'),
    ['failed', 'message_refused', 'refused', 'failed'],
  ],
  // accepted says that it was taken
  ['sent, accepted', sent, [attempt('accepted')], word('accepted'), ['sent', null, 'accepted', 'accepted']],
  [
    'queued, accepted',
    queued,
    [attempt('unknown')],
    word('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'under way, accepted',
    claimed,
    [attempt('unknown')],
    word('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'next under way, accepted',
    secondUnderWay,
    [attempt('unknown'), attempt('unknown', null, 2)],
    word('accepted'),
    ['queued', null, 'accepted', 'accepted'],
  ],
  [
    'unknown, accepted',
    unknown,
    [attempt('unknown')],
    word('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'unavailable, accepted',
    queued,
    [attempt('unavailable')],
    word('accepted'),
    ['sent', null, 'accepted', 'accepted'],
  ],
  [
    'failed, accepted late',
    failed,
    [attempt('accepted', 'failed')],
    word('accepted'),
    ['failed', 'message_refused', 'accepted', 'failed'],
  ],
  [
    'expired, accepted',
    expired,
    [attempt('unknown')],
    word('accepted'),
    ['expired', 'too_old', 'accepted', 'accepted'],
  ],
];

describe('applyReceipt', () => {
  it.each(table)('%s', (_name, delivery, attempts, said, [status, reason, outcome, receiptStatus]) => {
    expect(applyReport(delivery, attempts, said)).toMatchObject({
      delivery: { status, reason },
      attempt: { attempt: 1, outcome, receiptStatus },
    });
  });

  it('tells what is news from what was known', () => {
    const news = (before: AttemptState, said: ReportFacts) => applyReport(sent, [before], said)?.isNews;
    expect(news(attempt('accepted'), word('accepted'))).toBe(true);
    expect(news(attempt('accepted', 'accepted'), word('accepted'))).toBe(false);
    expect(news(attempt('accepted', 'delivered'), word('failed'))).toBe(false);
  });

  it('leaves alone what has no such attempt', () => {
    expect(applyReport(sent, [another()], word('delivered'))).toBeUndefined();
  });

  it('comes to the same end in whatever order receipts come, and however often', () => {
    const orders: DeliveryReportStatus[][] = [
      ['accepted', 'failed', 'delivered'],
      ['accepted', 'delivered', 'failed'],
      ['failed', 'accepted', 'delivered'],
      ['failed', 'delivered', 'accepted'],
      ['delivered', 'accepted', 'failed'],
      ['delivered', 'failed', 'accepted'],
    ];
    for (const order of orders) {
      const last = [...order, ...order].reduce<ReportEffect>(
        ({ delivery, attempt: one }, status) => {
          const effect = applyReport(Object.assign({}, sent, delivery), [one], word(status));
          if (!effect) throw new Error('The attempt is there.');
          return effect;
        },
        { isNews: false, delivery: sent, attempt: attempt('accepted') },
      );
      expect([last.delivery.status, last.attempt.receiptStatus]).toEqual(['delivered', 'delivered']);
    }
  });
});
