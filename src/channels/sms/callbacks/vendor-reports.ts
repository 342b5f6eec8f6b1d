import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../../platform/logging/logger.js';
import { SmsLedger } from '../../../deliveries/sms-ledger.js';
import type { AppliedReport } from '../../../deliveries/records.js';
import type { DeliveryReport } from '../../../domain/delivery-report.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import type { VendorListener } from '../../../providers/callback.js';
import { SuccessorRelay } from '../successor-relay.js';
import { InboundSmsHandler } from '../opt-out/inbound-sms.js';
import { OptOutRepository } from '../opt-out/opt-out.repository.js';

/** Stores vendor reports, from callbacks and connections alike. Resolves once they are durable. */
@Injectable()
export class VendorReports {
  constructor(
    private readonly ledger: SmsLedger,
    private readonly optOuts: OptOutRepository,
    private readonly inboundSms: InboundSmsHandler,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly successors: SuccessorRelay,
  ) {}

  /** The listener for one account. */
  of(appId: string, provider: string): VendorListener {
    return {
      reports: (reports) => this.applyReports(appId, provider, reports),
      inbound: async (inbound) => {
        // In sequence: of two SMS from the same number the later one counts.
        for (const sms of inbound) await this.inboundSms.take(appId, provider, sms);
      },
    };
  }

  private async applyReports(
    appId: string,
    provider: string,
    reports: readonly DeliveryReport[],
  ): Promise<void> {
    const applied = await this.ledger.applyReports(appId, provider, reports);
    for (const report of applied) {
      if (isOptOut(report)) await this.optOut(appId, provider, report);
      if (report.changed) this.log(appId, provider, report);
    }
    if (applied.some(({ changed, status }) => changed && status === 'failed')) await this.successors.relay();
    for (const { status } of reports) this.metrics.smsReports.inc({ app: appId, provider, status });
    const unmatched = reports.length - applied.length;
    this.logger.debug({ appId, provider, reports: reports.length, unmatched }, 'sms.reports_taken');
  }

  /** The vendor refused the number as opted out. An opt-in recorded after the SMS was sent prevails. */
  private async optOut(appId: string, provider: string, { phno, sentAt }: AppliedReport): Promise<void> {
    if (phno === null) return;
    const change = { optedOut: true, source: 'vendor', provider, asOf: sentAt } as const;
    const changed = await this.optOuts.record(appId, phno, change);
    if (changed) this.logger.info({ appId, provider }, 'sms.opted_out_by_vendor');
  }

  private log(appId: string, provider: string, applied: AppliedReport): void {
    const { notificationId, deliveryId, attempt, status, report } = applied;
    const { status: reportStatus, vendorCode, reason } = report;
    this.logger.info(
      { notificationId, deliveryId, attempt, appId, provider, status, reportStatus, vendorCode, reason },
      'delivery.reported',
    );
  }
}

function isOptOut({ report: { status, reason } }: AppliedReport): boolean {
  return status === 'failed' && reason === 'opted_out';
}
