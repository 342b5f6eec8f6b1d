import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import type { SendResult } from '../../domain/outcome.js';
import type { SendDelivery } from '../../queue/jobs.js';
import { WORKER_OPTIONS, type LaneJob } from '../../queue/lane-worker.js';
import type { SendContext } from '../../providers/provider.js';
import type { AttemptFacts, NextStep } from '../next-step.js';
import type { ReadyAttempt } from '../ready-attempt.js';
import { SEND_TOOLS, SendWorker, type SendTools } from '../send-worker.js';
import { afterText } from './route/after-text.js';
import { learnOfWay } from './sms-accounts.js';
import { ReceiptWatch } from './receipt-watch.js';
import { TextDesk, type ReadyText } from './text-desk.js';

/** Sends texts, and looks after those of which nothing is heard. */
@Processor('sms', WORKER_OPTIONS)
export class SmsProcessor extends SendWorker {
  protected readonly channel = 'sms';

  constructor(
    @Inject(SEND_TOOLS) tools: SendTools,
    private readonly desk: TextDesk,
    private readonly receipts: ReceiptWatch,
  ) {
    super(tools);
  }

  protected override async handle(
    job: LaneJob<'push.send' | 'sms.send' | 'sms.await-receipt'>,
    signal: AbortSignal,
  ): Promise<void> {
    if (job.name === 'sms.await-receipt')
      return this.receipts.check(job.data as LaneJob<'sms.await-receipt'>['data']);
    return super.handle(job as LaneJob<'sms.send'>, signal);
  }

  /** None: a text whose vendor is to be left alone may go through another one. */
  protected override waitFor(_order: SendDelivery): number {
    return 0;
  }

  /** None: the vendor has been chosen among those that may be used. */
  protected override async admit(_delivery: ClaimedDelivery): Promise<number> {
    return 0;
  }

  protected override prepare(delivery: ClaimedDelivery, context: SendContext): Promise<ReadyText> {
    return this.desk.prepare(delivery, context);
  }

  protected override learn(delivery: ClaimedDelivery, ended: SendResult | Error): Promise<void> {
    return learnOfWay(this.tools.gate, delivery, ended);
  }

  protected override nextStep(
    ended: SendResult | Error,
    facts: AttemptFacts,
    delivery: ClaimedDelivery,
  ): NextStep {
    return afterText(ended, facts, this.desk.wayOf(delivery));
  }

  protected override async conclude(
    ready: ReadyAttempt,
    step: NextStep,
    ended: SendResult | Error,
  ): Promise<void> {
    await this.desk.conclude(ready as ReadyText, step, ended);
    await this.receipts.watch(ready.delivery, step);
  }
}
