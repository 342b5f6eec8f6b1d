import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import type { SendResult } from '../../domain/outcome.js';
import type { SendDelivery } from '../../queue/jobs.js';
import { WORKER_OPTIONS, type QueueJob } from '../../queue/queue-worker.js';
import type { SendContext } from '../../providers/provider.js';
import type { AttemptFacts, NextStep } from '../next-step.js';
import type { PreparedAttempt } from '../prepared-attempt.js';
import { DELIVERY_TOOLS, DeliveryWorker, type DeliveryTools } from '../delivery-worker.js';
import { nextSmsStep } from './route/next-sms-step.js';
import { recordOutcomeOf } from './sms-breakers.js';
import { ReportWatch } from './report-watch.js';
import { SmsPreparer, type PreparedSms } from './sms-preparer.js';

/** Sends SMS, and checks for overdue delivery reports. */
@Processor('sms', WORKER_OPTIONS)
export class SmsProcessor extends DeliveryWorker {
  protected readonly channel = 'sms';

  constructor(
    @Inject(DELIVERY_TOOLS) tools: DeliveryTools,
    private readonly preparer: SmsPreparer,
    private readonly reportWatch: ReportWatch,
  ) {
    super(tools);
  }

  protected override async handle(
    job: QueueJob<'push.send' | 'sms.send' | 'sms.await-receipt'>,
    signal: AbortSignal,
  ): Promise<void> {
    if (job.name === 'sms.await-receipt')
      return this.reportWatch.check(job.data as QueueJob<'sms.await-receipt'>['data']);
    return super.handle(job as QueueJob<'sms.send'>, signal);
  }

  /** Never waits: if one vendor's circuit breaker is open, another vendor may send the SMS. */
  protected override waitFor(_job: SendDelivery): number {
    return 0;
  }

  /** Never waits: `prepare` has already acquired the chosen vendor. */
  protected override async acquire(_delivery: ClaimedDelivery): Promise<number> {
    return 0;
  }

  protected override prepare(delivery: ClaimedDelivery, context: SendContext): Promise<PreparedSms> {
    return this.preparer.prepare(delivery, context);
  }

  protected override recordOutcome(delivery: ClaimedDelivery, ended: SendResult | Error): Promise<void> {
    return recordOutcomeOf(this.tools.breaker, delivery, ended);
  }

  protected override nextStep(
    ended: SendResult | Error,
    facts: AttemptFacts,
    delivery: ClaimedDelivery,
  ): NextStep {
    return nextSmsStep(ended, facts, this.preparer.attemptContextOf(delivery));
  }

  protected override async conclude(
    prepared: PreparedAttempt,
    step: NextStep,
    ended: SendResult | Error,
  ): Promise<void> {
    await this.preparer.conclude(prepared as PreparedSms, step, ended);
    await this.reportWatch.watch(prepared.delivery, step);
  }
}
