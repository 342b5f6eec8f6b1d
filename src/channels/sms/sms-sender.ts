import { Injectable } from '@nestjs/common';
import type { ClaimedSms } from '../../domain/delivery.js';
import type { SendResult } from '../../domain/outcome.js';
import type { SendContext } from '../../providers/provider.js';
import type { AttemptFacts, NextStep } from '../next-step.js';
import type { PreparedAttempt } from '../prepared-attempt.js';
import { ProviderCircuitBreaker } from '../provider-circuit-breaker.js';
import type { Sender } from '../sender.js';
import { nextSmsStep } from './route/next-sms-step.js';
import { ReportWatch } from './report-watch.js';
import { recordOutcomeOf } from './sms-breakers.js';
import { SmsPreparer } from './sms-preparer.js';

/** Sends SMS. */
@Injectable()
export class SmsSender implements Sender<ClaimedSms> {
  constructor(
    private readonly preparer: SmsPreparer,
    private readonly breaker: ProviderCircuitBreaker,
    private readonly reportWatch: ReportWatch,
  ) {}

  async prepare(delivery: ClaimedSms, context: SendContext): Promise<PreparedAttempt<ClaimedSms>> {
    const prepared = await this.preparer.prepare(delivery, context);
    return {
      ...prepared,
      cancel: () => this.preparer.cancel(prepared),
      conclude: async (step, ended) => {
        await this.preparer.conclude(prepared, step, ended);
        await this.reportWatch.watch(prepared.delivery, step);
      },
    };
  }

  recordOutcome(delivery: ClaimedSms, ended: SendResult | Error): Promise<void> {
    return recordOutcomeOf(this.breaker, delivery, ended);
  }

  nextStep(ended: SendResult | Error, facts: AttemptFacts, delivery: ClaimedSms): NextStep {
    return nextSmsStep(ended, facts, this.preparer.attemptContextOf(delivery));
  }
}
