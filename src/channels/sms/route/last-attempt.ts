import type { Ledger } from '../../../deliveries/ledger.js';
import type { ClaimedDelivery, EarlierAttempt } from '../../../domain/delivery.js';
import { SendAborted } from '../../../domain/outcome.js';
import type { LookUp, SendContext, SmsMessage, SmsProvider } from '../../../providers/provider.js';
import { SendPostponed, AlreadySent } from '../../prepared-attempt.js';
import { wasCutOff } from './remaining-providers.js';

/** How long a vendor is asked for a message of which it is not known whether it was sent. */
const ASK_FOR_MS = 5 * 60_000;
const ASK_AGAIN_MS = 15_000;

interface Question {
  /** The vendor of the last attempt. */
  readonly provider: SmsProvider | undefined;
  /** The text as it was given to it. */
  message(attempt: number): SmsMessage;
  readonly context: SendContext;
  readonly acceptPossibleDouble: boolean;
}

/** Finds out what became of the last attempt, where its end is not known, before another one is made. */
export class LastAttempt {
  constructor(private readonly ledger: Ledger) {}

  /**
   * @returns the delivery as it stands now: the attempt that its vendor knows nothing of counts as failed. One that
   * nobody can tell of stays unknown.
   * @throws AlreadySent where it has reached the vendor; SendPostponed where that cannot be told yet.
   */
  async resolve(delivery: ClaimedDelivery, question: Question): Promise<ClaimedDelivery> {
    const last = delivery.earlier.at(-1);
    if (last?.outcome !== 'unknown' || !question.provider?.lookUp) return delivery;
    const answer = await this.ask(last, question);
    if (answer === undefined) {
      if (Date.now() - last.startedAt.getTime() < ASK_FOR_MS) {
        throw new SendPostponed(ASK_AGAIN_MS, 'its vendor cannot be asked for it now');
      }
      // What a process left behind when it ended is sent again: nothing that was acknowledged may be lost.
      if (question.acceptPossibleDouble || wasCutOff(last)) return delivery;
      return this.settle(delivery, last, 'failed');
    }
    if (answer.found) return this.settle(delivery, last, 'sent', answer.vendorMessageId);
    await this.ledger.disproveAttempt(delivery.id, last.attempt, 'not_found');
    const disproved = { ...last, outcome: 'unavailable', vendorCode: 'not_found' } as const;
    return { ...delivery, earlier: [...delivery.earlier.slice(0, -1), disproved] };
  }

  private async ask(last: EarlierAttempt, question: Question): Promise<LookUp | undefined> {
    try {
      const { provider, context } = question;
      return await provider?.lookUp?.(question.message(last.attempt), last.startedAt, context);
    } catch (error) {
      if (error instanceof SendAborted) throw error;
      return undefined;
    }
  }

  /** Nothing more is done for the delivery: the claim is given back, and the last attempt has the last word. */
  private async settle(
    delivery: ClaimedDelivery,
    { attempt, provider, startedAt, vendorCode }: EarlierAttempt,
    status: 'sent' | 'failed',
    vendorMessageId: string | null = null,
  ): Promise<never> {
    const { id: deliveryId, notificationId, appId } = delivery;
    await this.ledger.release(delivery);
    if (vendorMessageId !== null) {
      await this.ledger.linkMessage({
        appId,
        provider,
        vendorMessageId,
        deliveryId,
        attempt,
      });
    }
    await this.ledger.record({
      deliveryId,
      notificationId,
      attempt,
      outcome: status === 'sent' ? 'accepted' : 'unknown',
      vendorCode: status === 'sent' ? null : vendorCode,
      vendorMessageId,
      durationMs: Date.now() - startedAt.getTime(),
      status,
      reason: status === 'sent' ? null : 'outcome_unknown',
      dropped: [],
    });
    throw new AlreadySent('an earlier attempt has the last word');
  }
}
