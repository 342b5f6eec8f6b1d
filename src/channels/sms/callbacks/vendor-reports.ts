import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../../platform/logging/logger.js';
import { Ledger } from '../../../deliveries/ledger.js';
import type { AppliedReport } from '../../../deliveries/records.js';
import type { DeliveryReport } from '../../../domain/delivery-report.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import type { VendorListener } from '../../../providers/callback.js';
import { SuccessorRelay } from '../successor-relay.js';
import { InboundSmsHandler } from '../opt-out/inbound-sms.js';
import { OptOutRepository } from '../opt-out/opt-out.repository.js';

/** Takes what vendors report, whichever way it came. What has been taken is stored durably. */
@Injectable()
export class VendorReports {
  constructor(
    private readonly ledger: Ledger,
    private readonly optOuts: OptOutRepository,
    private readonly texts: InboundSmsHandler,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly successors: SuccessorRelay,
  ) {}

  /** What one account reports. */
  of(appId: string, provider: string): VendorListener {
    return {
      receipts: (receipts) => this.receipts(appId, provider, receipts),
      inbound: async (inbound) => {
        // One after the other: of two texts by one person the later one counts.
        for (const text of inbound) await this.texts.take(appId, provider, text);
      },
    };
  }

  private async receipts(
    appId: string,
    provider: string,
    receipts: readonly DeliveryReport[],
  ): Promise<void> {
    const applied = await this.ledger.applyReports(appId, provider, receipts);
    for (const one of applied) {
      if (isOptOut(one)) await this.optOut(appId, provider, one);
      if (one.changed) this.report(appId, provider, one);
    }
    if (applied.some(({ changed, status }) => changed && status === 'failed')) await this.successors.relay();
    for (const { status } of receipts) this.metrics.smsReports.inc({ app: appId, provider, status });
    const unmatched = receipts.length - applied.length;
    this.logger.debug({ appId, provider, receipts: receipts.length, unmatched }, 'sms.reports_taken');
  }

  /** The vendor knows by itself that the person wants no texts; unless that was before the person asked for them again. */
  private async optOut(appId: string, provider: string, { phno, sentAt }: AppliedReport): Promise<void> {
    if (phno === null) return;
    const change = { optedOut: true, source: 'vendor', provider, asOf: sentAt } as const;
    const changed = await this.optOuts.record(appId, phno, change);
    if (changed) this.logger.info({ appId, provider }, 'sms.opted_out_by_vendor');
  }

  private report(appId: string, provider: string, applied: AppliedReport): void {
    const { notificationId, deliveryId, attempt, status, receipt } = applied;
    const { status: receiptStatus, vendorCode, reason } = receipt;
    this.logger.info(
      { notificationId, deliveryId, attempt, appId, provider, status, receiptStatus, vendorCode, reason },
      'delivery.reported',
    );
  }
}

function isOptOut({ receipt: { status, reason } }: AppliedReport): boolean {
  return status === 'failed' && reason === 'opted_out';
}
