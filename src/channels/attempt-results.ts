import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Ledger } from '../deliveries/ledger.js';
import type { AttemptResult, Unsent } from '../deliveries/records.js';
import type { ClaimedDelivery } from '../domain/delivery.js';
import type { Refused, SendResult } from '../domain/outcome.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { JobQueue } from '../queue/job-queue.js';
import { answerFacts } from './answer-facts.js';
import type { NextStep } from './next-step.js';
import type { PreparedAttempt } from './prepared-attempt.js';

/** Delays between attempts to write a result: losing it after the vendor accepted would cause a second send. */
const RECORD_RETRY_MS = [100, 500, 2_000, 5_000];

/** An attempt that was made. */
export interface MadeAttempt {
  readonly delivery: ClaimedDelivery;
  /** Unset if preparing it failed. */
  readonly prepared: PreparedAttempt<ClaimedDelivery> | undefined;
  readonly ended: SendResult | Error;
  readonly step: NextStep;
  readonly durationMs: number;
}

/** Writes what became of attempts: to the ledger, the metrics and the log. */
@Injectable()
export class AttemptResults {
  constructor(
    private readonly ledger: Ledger,
    private readonly queue: JobQueue,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws Error if the ledger is unavailable for several seconds. */
  async record(made: MadeAttempt): Promise<void> {
    await this.write(resultOf(made));
    this.report(made);
  }

  /** Settles a claimed delivery without sending it. */
  async skip(delivery: ClaimedDelivery, unsent: Unsent): Promise<void> {
    await this.ledger.skip(delivery, unsent);
    const { notificationId, id: deliveryId, appId, channel, provider } = delivery;
    const { reason } = unsent;
    this.metrics.deliveries.inc({ app: appId, channel, status: 'skipped', reason });
    this.logger.info({ notificationId, deliveryId, appId, channel, provider, reason }, 'delivery.skipped');
  }

  /** Asks `recipients` to retire the address of a push. A registration made during the call stays valid. */
  async retire(
    delivery: ClaimedDelivery,
    step: NextStep,
    { deadSince = delivery.claimedAt, accountMayBeWrong }: Refused,
  ): Promise<void> {
    if (delivery.channel !== 'push' || delivery.deviceId === null) return;
    await this.queue.addAll('devices', [
      {
        name: 'device.retire',
        id: `retire-${delivery.id}`,
        data: {
          v: 1,
          deviceId: delivery.deviceId,
          reason: step.reason ?? 'token_unregistered',
          vendorCode: step.vendorCode ?? '',
          at: deadSince.getTime(),
          ...(accountMayBeWrong ? { accountMayBeWrong } : {}),
        },
      },
    ]);
  }

  private async write(result: AttemptResult): Promise<void> {
    for (const waitMs of RECORD_RETRY_MS) {
      try {
        return await this.ledger.record(result);
      } catch (err) {
        this.logger.warn({ err, deliveryId: result.deliveryId, waitMs }, 'ledger.record_failed');
        await sleep(waitMs);
      }
    }
    await this.ledger.record(result);
  }

  private report({ delivery, ended, step, durationMs }: MadeAttempt): void {
    const { appId, channel, provider, notificationKind: kind } = delivery;
    const account = { app: appId, channel, provider };
    this.metrics.attempts.inc({ ...account, outcome: step.outcome });
    const labels = { ...account, kind: delivery.kind, outcome: step.outcome };
    this.metrics.attemptSeconds.observe(labels, durationMs / 1_000);
    if (step.status !== 'queued') {
      const { status, reason } = step;
      this.metrics.deliveries.inc({ app: appId, channel, status, reason: reason ?? '' });
    }
    if (step.outcome === 'accepted') {
      const seconds = (Date.now() - delivery.receivedAt.getTime()) / 1_000;
      this.metrics.secondsToVendor.observe({ channel, kind }, seconds);
    }
    this.logger[step.level](
      {
        notificationId: delivery.notificationId,
        deliveryId: delivery.id,
        appId,
        channel,
        kind,
        provider,
        attempt: delivery.attempt,
        outcome: step.outcome,
        vendorCode: step.vendorCode,
        vendorMessageId: step.vendorMessageId,
        status: step.status,
        reason: step.reason,
        retryInMs: step.retryInMs,
        durationMs,
        // An internal error has no vendor code that identifies it.
        err: step.outcome === 'error' ? ended : undefined,
      },
      'delivery.attempted',
    );
  }
}

function resultOf({ delivery, prepared, ended, step, durationMs }: MadeAttempt): AttemptResult {
  const { outcome, vendorCode, vendorMessageId, status, reason, retryInMs } = step;
  return {
    deliveryId: delivery.id,
    notificationId: delivery.notificationId,
    attempt: delivery.attempt,
    ...{ outcome, vendorCode, vendorMessageId, status, reason, retryInMs, durationMs },
    ...answerFacts(ended, prepared?.message),
    dropped: prepared?.dropped ?? [],
    sms: prepared?.sms,
  };
}
