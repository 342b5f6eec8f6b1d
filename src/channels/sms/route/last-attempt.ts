import type { Ledger } from '../../../deliveries/ledger.js';
import type { SmsLedger } from '../../../deliveries/sms-ledger.js';
import type { ClaimedSms, EarlierAttempt } from '../../../domain/delivery.js';
import { SendAborted } from '../../../domain/outcome.js';
import type { LookUp, SendContext, SmsMessage, SmsProvider } from '../../../providers/provider.js';
import { SendPostponed, AlreadySent } from '../../prepared-attempt.js';
import { wasCutOff } from './remaining-providers.js';

/** How long after an attempt of unknown outcome its vendor is queried. */
const LOOK_UP_FOR_MS = 5 * 60_000;
const LOOK_UP_RETRY_MS = 15_000;

interface LookUpRequest {
  /** The vendor of the last attempt. */
  readonly provider: SmsProvider | undefined;
  /** The SMS as that attempt sent it. */
  message(attempt: number): SmsMessage;
  readonly context: SendContext;
  readonly acceptPossibleDouble: boolean;
}

/** Looks up the last attempt if its outcome is unknown, before another one is made. */
export class LastAttempt {
  constructor(
    private readonly ledger: Ledger,
    private readonly smsLedger: SmsLedger,
  ) {}

  /**
   * @returns the delivery with the attempt counted as failed if its vendor does not know it, or still unknown if the
   *   vendor cannot be queried.
   * @throws AlreadySent if the attempt settled the delivery; SendPostponed if the vendor does not answer yet.
   */
  async resolve(delivery: ClaimedSms, request: LookUpRequest): Promise<ClaimedSms> {
    const last = delivery.earlier.at(-1);
    if (last?.outcome !== 'unknown' || !request.provider?.lookUp) return delivery;
    const answer = await this.lookUp(last, request);
    if (answer === undefined) {
      if (Date.now() - last.startedAt.getTime() < LOOK_UP_FOR_MS) {
        throw new SendPostponed(LOOK_UP_RETRY_MS, 'the vendor did not answer the look-up');
      }
      // An attempt cut off by the end of its process is repeated: an acknowledged notification must not be lost.
      if (request.acceptPossibleDouble || wasCutOff(last)) return delivery;
      return this.settle(delivery, last, 'failed');
    }
    if (answer.found) return this.settle(delivery, last, 'sent', answer.vendorMessageId);
    await this.smsLedger.disproveAttempt(delivery.id, last.attempt, 'not_found');
    const disproved = { ...last, outcome: 'unavailable', vendorCode: 'not_found' } as const;
    return { ...delivery, earlier: [...delivery.earlier.slice(0, -1), disproved] };
  }

  private async lookUp(last: EarlierAttempt, request: LookUpRequest): Promise<LookUp | undefined> {
    try {
      const { provider, context } = request;
      return await provider?.lookUp?.(request.message(last.attempt), last.startedAt, context);
    } catch (error) {
      if (error instanceof SendAborted) throw error;
      return undefined;
    }
  }

  /** Releases the claim and settles the delivery by the last attempt. */
  private async settle(
    delivery: ClaimedSms,
    { attempt, provider, startedAt, vendorCode }: EarlierAttempt,
    status: 'sent' | 'failed',
    vendorMessageId: string | null = null,
  ): Promise<never> {
    const { id: deliveryId, notificationId, appId } = delivery;
    await this.ledger.release(delivery);
    if (vendorMessageId !== null) {
      await this.smsLedger.linkMessage({ appId, provider, vendorMessageId, deliveryId, attempt });
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
    throw new AlreadySent('an earlier attempt settled the delivery');
  }
}
