import { Inject, Injectable } from '@nestjs/common';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import { successorIdOf } from '../../platform/ids/new-id.js';
import type { AwaitDeliveryReport } from '../../queue/jobs.js';
import type { NextStep } from '../next-step.js';
import { DELIVERY_TOOLS, type DeliveryTools } from '../delivery-worker.js';
import { ReportCapability } from './report-capability.js';
import { remainingProviders } from './route/remaining-providers.js';

/**
 * Sends an SMS through the next vendor if the first one accepted it and sends no delivery report in time, provided that
 * the app sets `receiptTimeoutSeconds` and the vendor sends reports. `SuccessorRelay` handles reported failures.
 */
@Injectable()
export class ReportWatch {
  constructor(
    @Inject(DELIVERY_TOOLS) private readonly tools: DeliveryTools,
    private readonly capability: ReportCapability,
  ) {}

  /** Schedules `check` for when the delivery report is due. */
  async watch(delivery: ClaimedDelivery, { outcome, vendorCode }: NextStep): Promise<void> {
    const { appId, uid, provider, options, earlier, id: deliveryId, notificationId, expiresAt } = delivery;
    const timeoutSeconds = this.tools.config.apps.find((app) => app.appId === appId)?.sms
      .receiptTimeoutSeconds;
    if (outcome !== 'accepted' || timeoutSeconds === undefined || options.sms?.isReply) return;
    if (!this.capability.canReport(appId, provider)) return;
    const remaining = remainingProviders(options.sms ?? { route: [], onOverQuota: 'moveOn' }, [
      ...earlier,
      { provider, outcome, vendorCode },
    ]);
    if (remaining.length === 0) return;
    const data: AwaitDeliveryReport = {
      v: 1,
      deliveryId,
      notificationId,
      appId,
      uid,
      successorId: successorIdOf(deliveryId),
      reporter: provider,
      route: remaining.map((candidate) => candidate.provider),
      expiresAt: expiresAt.getTime(),
    };
    const job = {
      name: 'sms.await-receipt',
      id: `receipt-${deliveryId}`,
      data,
      delayMs: timeoutSeconds * 1_000,
    } as const;
    await this.tools.queue.addAll('sms', [job]);
  }

  /** Plans the successor if there is still no report. Idempotent. */
  async check({
    deliveryId,
    notificationId,
    appId,
    uid,
    successorId,
    reporter,
    route,
    expiresAt,
  }: AwaitDeliveryReport): Promise<void> {
    const [provider] = route;
    if (provider === undefined || expiresAt <= Date.now()) return;
    // From an account that has never reported, a missing report means nothing.
    if (reporter !== undefined && !(await this.capability.reports(appId, reporter))) {
      this.tools.logger.warn(
        { notificationId, deliveryId, appId, provider: reporter },
        'sms.report_not_expected',
      );
      return;
    }
    if (!(await this.tools.ledger.succeedSilent({ deliveryId, successorId, route }))) return;
    this.tools.logger.warn({ notificationId, deliveryId, appId, provider }, 'sms.report_missing');
    const user = uid === undefined ? {} : { uid };
    const data = { v: 1, notificationId, appId, ...user, provider, kind: 'sms', expiresAt } as const;
    await this.tools.queue.addAll('sms', [{ name: 'sms.send', id: successorId, data }]);
  }
}
