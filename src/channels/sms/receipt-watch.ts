import { Inject, Injectable } from '@nestjs/common';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import { newIdAfter } from '../../platform/ids/new-id.js';
import type { AwaitReceipt } from '../../queue/jobs.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import type { NextStep } from '../next-step.js';
import { SEND_TOOLS, type SendTools } from '../send-worker.js';
import { waysLeft } from './route/ways-left.js';

/** Gives a text to the next vendor where the first one took it and reported nothing since, if the app wants that. */
@Injectable()
export class ReceiptWatch {
  constructor(
    @Inject(SEND_TOOLS) private readonly tools: SendTools,
    private readonly providers: ProviderRegistry,
  ) {}

  /** Looks again when the time for a receipt is over. */
  async watch(delivery: ClaimedDelivery, { outcome, vendorCode }: NextStep): Promise<void> {
    const { appId, uid, provider, options, earlier, id: deliveryId, notificationId, expiresAt } = delivery;
    const timeoutSeconds = this.tools.config.apps.find((app) => app.appId === appId)?.sms
      .receiptTimeoutSeconds;
    const account = this.providers.smsProvider(appId, provider);
    const reports = account?.callbacks !== undefined || account?.listen !== undefined;
    if (outcome !== 'accepted' || timeoutSeconds === undefined || !reports || options.sms?.isReply) return;
    const left = waysLeft(options.sms ?? { route: [], onOverQuota: 'moveOn' }, [
      ...earlier,
      { provider, outcome, vendorCode },
    ]);
    if (left.length === 0) return;
    const data: AwaitReceipt = {
      v: 1,
      deliveryId,
      notificationId,
      appId,
      uid,
      successorId: newIdAfter(deliveryId),
      route: left.map((way) => way.provider),
      expiresAt: expiresAt.getTime(),
    };
    const order = {
      name: 'sms.await-receipt',
      id: `receipt-${deliveryId}`,
      data,
      delayMs: timeoutSeconds * 1_000,
    } as const;
    await this.tools.queue.addAll('sms', [order]);
  }

  /** The time is over. Safe to run again. */
  async check({
    deliveryId,
    notificationId,
    appId,
    uid,
    successorId,
    route,
    expiresAt,
  }: AwaitReceipt): Promise<void> {
    const [provider] = route;
    if (provider === undefined || expiresAt <= Date.now()) return;
    if (!(await this.tools.ledger.succeedSilent({ deliveryId, successorId, route }))) return;
    this.tools.logger.warn({ notificationId, deliveryId, appId, provider }, 'sms.receipt_missing');
    const person = uid === undefined ? {} : { uid };
    const data = { v: 1, notificationId, appId, ...person, provider, kind: 'sms', expiresAt } as const;
    await this.tools.queue.addAll('sms', [{ name: 'sms.send', id: successorId, data }]);
  }
}
