import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Ledger } from '../deliveries/ledger.js';
import type { AttemptResult } from '../deliveries/records.js';
import type { ClaimedDelivery } from '../domain/delivery.js';
import type { Channel } from '../domain/notification.js';
import { SendAborted, type SendResult } from '../domain/outcome.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { SendDelivery } from '../queue/jobs.js';
import { LaneWorker, TryAgain, type LaneJob } from '../queue/lane-worker.js';
import type { SendContext } from '../providers/provider.js';
import { accountOf } from './account.js';
import { nextStep, type NextStep } from './next-step.js';
import type { ProviderGate } from './provider-gate.js';

/** Injection token of `SendTools`. */
export const SEND_TOOLS = Symbol('SEND_TOOLS');

/** What every sending worker works with. */
export interface SendTools {
  readonly config: GatewayConfig;
  readonly ledger: Ledger;
  readonly queue: JobQueue;
  readonly gate: ProviderGate;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** A claim this close to its end is not begun: the vendor's answer would come after it. */
const CLAIM_MARGIN_MS = 1_000;
/** Waits between tries to write a result, in milliseconds: once a vendor has accepted, only this stands between us
 * and a second send. */
const RECORD_AGAIN_MS = [100, 500, 2_000, 5_000];

/**
 * One delivery, one attempt: claim it, send it, write down what came of it. What differs between the channels is
 * `send` alone.
 */
export abstract class SendWorker extends LaneWorker {
  protected abstract readonly channel: Channel;

  constructor(protected readonly tools: SendTools) {
    super(tools.logger, tools.config.delivery.concurrency);
  }

  /**
   * Makes the vendor's message and hands it over. Returns and throws as a provider does.
   *
   * @param drop takes the names of fields that had to go so that the message fits.
   */
  protected abstract send(
    delivery: ClaimedDelivery,
    context: SendContext,
    drop: (fields: readonly string[]) => void,
  ): Promise<SendResult>;

  override async process(
    job: LaneJob<'push.send' | 'sms.send'>,
    _token?: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const deliveryId = job.id ?? '';
    await this.waitForAccount(job.data);
    const claim = await this.tools.ledger.claim(deliveryId);
    switch (claim.state) {
      case 'claimed':
        return this.attempt(claim.delivery, signal ?? new AbortController().signal);
      case 'busy':
        throw new TryAgain(claim.retryInMs, 'another worker holds this delivery');
      case 'expired':
        await this.tools.ledger.expire(deliveryId, claim.reason);
        this.tools.logger.info(
          { deliveryId, notificationId: job.data.notificationId, reason: claim.reason },
          'delivery.expired',
        );
        return;
      case 'collapsed':
        this.tools.logger.info({ deliveryId, notificationId: job.data.notificationId }, 'delivery.collapsed');
        return this.tools.ledger.settle(job.data.notificationId);
      case 'settled':
        // A worker that was killed right after writing the result had no time to settle the notification.
        return this.tools.ledger.settle(job.data.notificationId);
      case 'missing':
        return;
    }
  }

  /** While its account is to be left alone a delivery is not claimed, so that the wait uses up no attempt. */
  private async waitForAccount(order: SendDelivery): Promise<void> {
    const leftMs = order.expiresAt - Date.now();
    const waitMs = leftMs <= 0 ? 0 : await this.tools.gate.waitFor(accountOf(this.channel, order));
    if (waitMs > 0) throw new TryAgain(Math.min(waitMs, leftMs), 'its provider is to be left alone');
  }

  private async attempt(delivery: ClaimedDelivery, signal: AbortSignal): Promise<void> {
    // The process may have been paused since the claim: then somebody else may hold the delivery by now.
    const leftMs = delivery.claimedUntil.getTime() - Date.now() - CLAIM_MARGIN_MS;
    if (leftMs <= 0) throw new TryAgain(CLAIM_MARGIN_MS, 'the claim ran out before it was used');

    const startedAt = performance.now();
    const { id: deliveryId, appId, uid, notificationKind: kind } = delivery;
    let dropped: readonly string[] = [];
    const context = { deliveryId, appId, uid, kind, signal };
    const ended = await this.send(delivery, context, (fields) => (dropped = fields)).catch(
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    if (ended instanceof SendAborted) {
      await this.tools.ledger.release(delivery);
      throw new TryAgain(0, 'the process is stopping');
    }
    await this.tools.gate.learn(accountOf(this.channel, delivery), ended);
    const { maxAttempts, backoffMs, maxBackoffMs } = this.tools.config.delivery;
    const step = nextStep(ended, {
      attempt: delivery.attempt,
      maxAttempts,
      backoff: { backoffMs, maxBackoffMs },
      expiresAt: delivery.expiresAt,
      now: new Date(),
    });
    const durationMs = Math.round(performance.now() - startedAt);
    await this.record(delivery, step, durationMs, dropped);
    this.report(delivery, step, durationMs, ended);
    if (step.retireAddress) {
      const deadSince = 'deadSince' in ended ? ended.deadSince : undefined;
      await this.retire(delivery, step, deadSince ?? new Date());
    }
    if (step.retryInMs !== null) throw new TryAgain(step.retryInMs, `${step.outcome}: ${step.vendorCode}`);
  }

  private async record(
    delivery: ClaimedDelivery,
    step: NextStep,
    durationMs: number,
    dropped: readonly string[],
  ): Promise<void> {
    const { outcome, vendorCode, vendorMessageId, status, reason } = step;
    const result: AttemptResult = {
      deliveryId: delivery.id,
      notificationId: delivery.notificationId,
      attempt: delivery.attempt,
      outcome,
      vendorCode,
      vendorMessageId,
      durationMs,
      status,
      reason,
      dropped,
    };
    for (const waitMs of RECORD_AGAIN_MS) {
      try {
        return await this.tools.ledger.record(result);
      } catch (err) {
        this.tools.logger.warn({ err, deliveryId: delivery.id, waitMs }, 'ledger.record_failed');
        await sleep(waitMs);
      }
    }
    await this.tools.ledger.record(result);
  }

  private async retire(delivery: ClaimedDelivery, step: NextStep, deadSince: Date): Promise<void> {
    if (delivery.deviceId === null) return;
    await this.tools.queue.addAll('devices', [
      {
        name: 'device.retire',
        id: `retire-${delivery.id}`,
        data: {
          v: 1,
          deviceId: delivery.deviceId,
          reason: step.reason ?? 'token_unregistered',
          vendorCode: step.vendorCode ?? '',
          at: deadSince.getTime(),
        },
      },
    ]);
  }

  private report(
    delivery: ClaimedDelivery,
    step: NextStep,
    durationMs: number,
    ended: SendResult | Error,
  ): void {
    const { appId, channel, provider, notificationKind: kind } = delivery;
    const { metrics, logger } = this.tools;
    metrics.attempts.inc({ app: appId, channel, provider, outcome: step.outcome });
    if (step.status !== 'queued') {
      metrics.deliveries.inc({ app: appId, channel, status: step.status, reason: step.reason ?? '' });
    }
    if (step.outcome === 'accepted') {
      metrics.secondsToVendor.observe(
        { channel, kind },
        (Date.now() - delivery.receivedAt.getTime()) / 1_000,
      );
    }
    logger[step.level](
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
        // A fault of ours has no vendor's code to tell it by.
        err: step.outcome === 'error' ? ended : undefined,
      },
      'delivery.attempted',
    );
  }
}
