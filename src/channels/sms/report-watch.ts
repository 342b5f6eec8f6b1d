import { Inject, Injectable } from '@nestjs/common';
import { SmsLedger } from '../../deliveries/sms-ledger.js';
import type { ClaimedSms } from '../../domain/delivery.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { successorIdOf } from '../../platform/ids/new-id.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue } from '../../queue/job-queue.js';
import type { AwaitDeliveryReport } from '../../queue/jobs.js';
import { sendJob } from '../../queue/send-job.js';
import type { NextStep } from '../next-step.js';
import { ReportCapability } from './report-capability.js';
import { remainingProviders } from './route/remaining-providers.js';

/**
 * Sends an SMS through the next vendor if the first one accepted it and sends no delivery report in time, provided that
 * the app sets `receiptTimeoutSeconds` and the vendor sends reports. `SuccessorRelay` handles reported failures.
 */
@Injectable()
export class ReportWatch {
  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: SmsLedger,
    private readonly queue: JobQueue,
    private readonly capability: ReportCapability,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Schedules `check` for when the delivery report is due. */
  async watch(delivery: ClaimedSms, { outcome, vendorCode }: NextStep): Promise<void> {
    const { appId, uid, provider, options, earlier, id: deliveryId, notificationId, expiresAt } = delivery;
    const timeoutSeconds = this.config.apps.find((app) => app.appId === appId)?.sms.receiptTimeoutSeconds;
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
    await this.queue.addAll('sms', [job]);
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
      this.logger.warn({ notificationId, deliveryId, appId, provider: reporter }, 'sms.report_not_expected');
      return;
    }
    if (!(await this.ledger.succeedSilent({ deliveryId, successorId, route }))) return;
    this.logger.warn({ notificationId, deliveryId, appId, provider }, 'sms.report_missing');
    const successor = { id: successorId, provider, kind: 'sms' };
    const notification = { notificationId, appId, ...(uid === undefined ? {} : { uid }), expiresAt };
    await this.queue.addAll('sms', [sendJob(successor, notification)]);
  }
}
