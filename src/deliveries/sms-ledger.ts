import { Inject, Injectable } from '@nestjs/common';
import type { ClaimedSms } from '../domain/delivery.js';
import type { DeliveryReport } from '../domain/delivery-report.js';
import { Batcher } from '../platform/batching/batcher.js';
import { Prisma, Sql } from '../platform/database/database.module.js';
import type { AppliedReport, DueSms, MessageLink, ReceivedReport } from './records.js';
import { withoutSms } from './sql/push-first.sql.js';
import { applyReports, linkMessages } from './sql/report.sql.js';
import { reroute } from './sql/sms-attempt.sql.js';
import * as successors from './sql/sms-successor.sql.js';

/** The part of the ledger that only SMS need: vendors' message ids, delivery reports, and the next vendor of an SMS. */
@Injectable()
export class SmsLedger {
  private readonly links = new Batcher((items: readonly MessageLink[]) => linkMessages(this.sql, items));
  private readonly reports = new Batcher((items: readonly ReceivedReport[]) => applyReports(this.sql, items));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  /**
   * Stores the vendor's message id of an SMS attempt before its result is recorded, so that delivery reports match even
   * if the process ends in between. Applies reports that arrived earlier.
   */
  async linkMessage(link: MessageLink): Promise<void> {
    await this.links.run(link);
  }

  /**
   * Stores delivery reports, whether or not their SMS is known yet, and updates the deliveries of known ones.
   *
   * @returns the reports of known SMS; `linkMessage` applies the others.
   */
  async applyReports(
    appId: string,
    provider: string,
    reports: readonly DeliveryReport[],
  ): Promise<readonly AppliedReport[]> {
    const applied = await Promise.all(reports.map((report) => this.reports.run({ appId, provider, report })));
    return applied.filter((one) => one !== undefined);
  }

  /** Records the provider of the claimed attempt, and whether an earlier attempt may have reached the recipient. */
  reroute(delivery: ClaimedSms, provider: string, possibleDouble: boolean): Promise<void> {
    return reroute(this.sql, delivery, provider, possibleDouble);
  }

  /** Records that an attempt with unknown outcome reached nobody. */
  async disproveAttempt(deliveryId: string, attempt: number, vendorCode: string): Promise<void> {
    await this.prisma.attempt.updateMany({
      where: { deliveryId, attempt, outcome: 'unknown' },
      data: { outcome: 'unavailable', vendorCode },
    });
  }

  /**
   * Writes a second delivery for an SMS without a delivery report. Idempotent.
   *
   * @returns whether to send it: the first one still has no report, and the second one is not settled.
   */
  async succeedSilent(succession: Omit<successors.Succession, 'possibleDouble'>): Promise<boolean> {
    await successors.succeedSilent(this.sql, { ...succession, possibleDouble: true });
    const { successorId: id } = succession;
    return (await this.prisma.delivery.count({ where: { id, status: 'queued' } })) > 0;
  }

  /** SMS that go to the next vendor because one reported a failure, until `forgetSuccessors` removes them. */
  dueSuccessors(limit: number): Promise<readonly DueSms[]> {
    return successors.dueSuccessors(this.sql, limit);
  }

  async forgetSuccessors(deliveryIds: readonly string[]): Promise<void> {
    await this.prisma.smsSuccessor.deleteMany({ where: { deliveryId: { in: [...deliveryIds] } } });
  }

  /** Whether an account has sent any delivery report within the ledger's retention. */
  async hasReported(appId: string, provider: string): Promise<boolean> {
    const where = { appId, provider, status: { not: null } };
    return (await this.prisma.smsReceipt.findFirst({ where, select: { appId: true } })) !== null;
  }

  /** Those of the notifications whose plan is on record and for which no SMS was or will be sent. */
  withoutSms(notificationIds: readonly string[]): Promise<string[]> {
    return withoutSms(this.sql, notificationIds);
  }
}
