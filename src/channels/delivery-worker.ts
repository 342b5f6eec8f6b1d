import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../platform/logging/logger.js';
import type { Ledger } from '../deliveries/ledger.js';
import type { AttemptResult, LostDelivery, Unsent } from '../deliveries/records.js';
import type { ClaimedDelivery } from '../domain/delivery.js';
import type { Channel } from '../domain/notification.js';
import type { Reason } from '../domain/reason.js';
import { ProviderMisconfigured, SendAborted, type Refused, type SendResult } from '../domain/outcome.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { SendDelivery } from '../queue/jobs.js';
import { QueueWorker, RetryLater, type QueueJob } from '../queue/queue-worker.js';
import type { SendContext } from '../providers/provider.js';
import { answerFacts } from './answer-facts.js';
import { accountOf } from './provider-account.js';
import type { CredentialProofs } from './credential-proofs.js';
import { FairShare } from './fair-share.js';
import { nextStep, type AttemptFacts, type NextStep } from './next-step.js';
import { guardedDeliveryOf } from './guarded-delivery.js';
import type { ProviderCircuitBreaker } from './provider-circuit-breaker.js';
import { SendPostponed, SendSkipped, AlreadySent, type PreparedAttempt } from './prepared-attempt.js';

/** Injection token of `DeliveryTools`. */
export const DELIVERY_TOOLS = Symbol('DELIVERY_TOOLS');

/** Dependencies of every sending worker. */
export interface DeliveryTools {
  readonly config: GatewayConfig;
  readonly ledger: Ledger;
  readonly queue: JobQueue;
  readonly breaker: ProviderCircuitBreaker;
  readonly proofs: CredentialProofs;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Delay before a delivery whose send was interrupted is retried. */
const INTERRUPTED_RETRY_MS = 1_000;
/** Maximum delay of a job that is requeued because its account uses its full share of the worker. */
const MAX_REQUEUE_MS = 10_000;
const MAX_REQUEUE_FOR_CALLS_MS = 1_000;
/** Delays between attempts to write a result: losing it after the vendor accepted would cause a second send. */
const RECORD_RETRY_MS = [100, 500, 2_000, 5_000];

const BREAKER_OPEN = 'the circuit breaker of the provider account is open';

/**
 * One delivery, one attempt: claims it, sends it and records the result. The channels differ in how they prepare an
 * attempt and in how they handle its result.
 */
export abstract class DeliveryWorker extends QueueWorker {
  protected abstract readonly channel: Channel;

  private readonly shares = new FairShare(
    () => this.sharded.concurrency,
    () => (this.isForCalls ? MAX_REQUEUE_FOR_CALLS_MS : MAX_REQUEUE_MS),
  );

  constructor(protected readonly tools: DeliveryTools) {
    super(tools.logger, FairShare.jobsFor(tools.config.delivery.concurrency));
  }

  /**
   * Builds the vendor's message and chooses the provider.
   *
   * @throws SendSkipped, SendPostponed, AlreadySent if nothing may be sent now; any other error counts as one of the
   *   provider.
   */
  protected abstract prepare(delivery: ClaimedDelivery, context: SendContext): Promise<PreparedAttempt>;

  /** Milliseconds to wait before the delivery is claimed. */
  protected waitFor(job: SendDelivery, deliveryId: string): number {
    return this.tools.breaker.waitFor(accountOf(this.channel, job), {
      deliveryId,
      isUrgent: this.isForCalls,
    });
  }

  /** Asks the circuit breaker whether a prepared delivery may be sent. @returns milliseconds to wait; 0: send now. */
  protected acquire(delivery: ClaimedDelivery): Promise<number> {
    return this.tools.breaker.acquire(
      accountOf(this.channel, delivery),
      guardedDeliveryOf(delivery, this.isForCalls),
    );
  }

  /** Reports the result of an attempt to the circuit breaker. */
  protected recordOutcome(delivery: ClaimedDelivery, ended: SendResult | Error): Promise<void> {
    return this.tools.breaker.recordOutcome(
      accountOf(this.channel, delivery),
      ended,
      guardedDeliveryOf(delivery, this.isForCalls),
    );
  }

  protected nextStep(ended: SendResult | Error, facts: AttemptFacts, _delivery: ClaimedDelivery): NextStep {
    return nextStep(ended, facts);
  }

  /** Runs after the result of an attempt is recorded. */
  protected async conclude(
    _ready: PreparedAttempt,
    _step: NextStep,
    _ended: SendResult | Error,
  ): Promise<void> {}

  /**
   * Plans successors for a delivery that its address did not receive, before its result is recorded.
   *
   * @param step the result of the attempt; unset: there was no address to try.
   * @returns whether there may be successors to enqueue.
   */
  protected async planInstead(_lost: LostDelivery, _step?: NextStep): Promise<boolean> {
    return false;
  }

  /** Enqueues the planned successors after the result is recorded. Idempotent. */
  protected async enqueueInstead(_lost: LostDelivery & Omit<SendDelivery, 'v'>): Promise<void> {}

  protected override async handle(
    job: QueueJob<'push.send' | 'sms.send'>,
    signal: AbortSignal,
  ): Promise<void> {
    this.waitForAccount(job.data, job.id ?? '');
    const { appId, channel, provider } = accountOf(this.channel, job.data);
    const requeueInMs = await this.shares.run(`${appId} ${channel} ${provider}`, async () => {
      while (await this.attemptNext(job, signal));
    });
    const leftMs = Math.max(1, job.data.expiresAt - Date.now());
    if (requeueInMs > 0)
      throw new RetryLater(Math.min(requeueInMs, leftMs), 'the account uses its full share of this worker');
  }

  protected override async markDeadLettered(job: QueueJob<'push.send' | 'sms.send'>): Promise<void> {
    await this.tools.ledger.markDeadLettered(job.id ?? '');
  }

  /** @returns whether to start the next attempt immediately. */
  private async attemptNext(job: QueueJob<'push.send' | 'sms.send'>, signal: AbortSignal): Promise<boolean> {
    const deliveryId = job.id ?? '';
    const claim = await this.tools.ledger.claim(deliveryId, this.isForCalls ? 'calls' : 'others');
    switch (claim.state) {
      case 'claimed':
        return this.attempt(claim.delivery, signal);
      case 'busy':
        throw new RetryLater(claim.retryInMs, 'another worker has claimed this delivery');
      case 'expired':
        await this.tools.ledger.expire(deliveryId, claim.reason);
        this.tools.logger.info(
          { deliveryId, notificationId: job.data.notificationId, reason: claim.reason },
          'delivery.expired',
        );
        return false;
      case 'unaddressed':
        await this.abandon(job, claim.reason);
        return false;
      case 'collapsed':
        this.tools.logger.info(
          { deliveryId, notificationId: job.data.notificationId },
          'delivery.merged_into_digest',
        );
        await this.tools.ledger.settle(job.data.notificationId);
        return false;
      case 'settled':
        // The worker that recorded the result may have been killed before these steps.
        await this.tools.ledger.settle(job.data.notificationId);
        await this.enqueueInstead({ ...job.data, id: deliveryId });
        return false;
      case 'missing':
        // The ledger no longer keeps deliveries this old.
        this.tools.logger.warn({ deliveryId, notificationId: job.data.notificationId }, 'delivery.missing');
        return false;
    }
  }

  private async abandon(job: QueueJob<'push.send' | 'sms.send'>, reason: Reason): Promise<void> {
    const deliveryId = job.id ?? '';
    const { notificationId, appId } = job.data;
    const hasSuccessors = await this.planInstead({ id: deliveryId, notificationId });
    await this.tools.ledger.abandon(deliveryId, reason);
    this.tools.metrics.deliveries.inc({ app: appId, channel: this.channel, status: 'skipped', reason });
    this.tools.logger.info({ deliveryId, notificationId, appId, reason }, 'delivery.skipped');
    if (hasSuccessors) await this.enqueueInstead({ ...job.data, id: deliveryId });
  }

  /** Waits for the circuit breaker before the claim, so that the wait uses up no attempt. */
  private waitForAccount(job: SendDelivery, deliveryId: string): void {
    const leftMs = job.expiresAt - Date.now();
    const waitMs = leftMs <= 0 ? 0 : this.waitFor(job, deliveryId);
    if (waitMs > 0) throw new RetryLater(Math.min(waitMs, leftMs), BREAKER_OPEN);
  }

  private async attempt(claimed: ClaimedDelivery, signal: AbortSignal): Promise<boolean> {
    const startedAt = performance.now();
    const { id: deliveryId, appId, uid, notificationKind: kind } = claimed;
    const context = { deliveryId, appId, uid, kind, signal };
    let prepared: PreparedAttempt | undefined;
    let ended: SendResult | Error;
    let wasCalled = false;
    try {
      prepared = await this.prepare(claimed, context);
      if (this.isDryRun(appId)) throw new SendSkipped(prepared.delivery, unsentInDryRun(prepared));
      const waitMs = await this.acquire(prepared.delivery);
      if (waitMs > 0) throw new SendPostponed(waitMs, BREAKER_OPEN);
      assertClaimHolds(claimed);
      wasCalled = true;
      ended = await prepared.send();
    } catch (error) {
      ended = error instanceof Error ? error : new Error(String(error));
    }
    const delivery = prepared?.delivery ?? claimed;
    if (wasCalled) await this.recordOutcome(delivery, ended);
    await this.tools.breaker.returnPermit(deliveryId);
    if (await this.wasNotAttempted(claimed, ended)) return false;

    const { maxAttempts, backoffMs, maxBackoffMs } = this.tools.config.delivery;
    const facts = {
      attempt: delivery.attempt,
      maxAttempts,
      unanswered: delivery.unanswered,
      rings: delivery.rings,
      credentialsWorked: await this.credentialsWorked(prepared, ended),
      backoff: { backoffMs, maxBackoffMs },
      expiresAt: delivery.expiresAt,
      now: new Date(),
    };
    const step = this.nextStep(ended, facts, delivery);
    const durationMs = Math.round(performance.now() - startedAt);
    const hasSuccessors = await this.planInstead(delivery, step);
    await this.record(delivery, step, durationMs, prepared, ended);
    this.report(delivery, step, durationMs, ended);
    if (hasSuccessors) {
      await this.enqueueInstead({ ...delivery, expiresAt: delivery.expiresAt.getTime() });
    }
    if (prepared) await this.conclude(prepared, step, ended);
    if (step.retireAddress) {
      await this.retire(delivery, step, ended as Refused);
    }
    if (step.retryInMs === null) return false;
    if (step.retryInMs === 0) return true;
    throw new RetryLater(step.retryInMs, `${step.outcome}: ${step.vendorCode}`);
  }

  private async credentialsWorked(
    prepared: PreparedAttempt | undefined,
    ended: SendResult | Error,
  ): Promise<boolean> {
    if (!prepared) return false;
    if (!(ended instanceof Error) && ended.outcome === 'accepted') {
      await this.tools.proofs.worked(prepared.credential);
      return true;
    }
    if (!(ended instanceof ProviderMisconfigured) || !ended.ofCredentials) return false;
    return this.tools.proofs.hasWorked(prepared.credential);
  }

  /** Undoes the claim if no attempt was made. @returns whether none was made. */
  private async wasNotAttempted(claimed: ClaimedDelivery, ended: SendResult | Error): Promise<boolean> {
    if (ended instanceof SendSkipped) {
      const { delivery, unsent } = ended;
      await this.tools.ledger.skip(delivery, unsent);
      const { notificationId, id: deliveryId, appId, channel, provider } = delivery;
      const { reason } = unsent;
      this.tools.metrics.deliveries.inc({ app: appId, channel, status: 'skipped', reason });
      this.tools.logger.info(
        { notificationId, deliveryId, appId, channel, provider, reason },
        'delivery.skipped',
      );
      return true;
    }
    if (ended instanceof AlreadySent) return true;
    if (ended instanceof RetryLater) throw ended;
    if (ended instanceof SendPostponed) {
      await this.tools.ledger.release(claimed);
      const leftMs = Math.max(1, claimed.expiresAt.getTime() - Date.now());
      throw new RetryLater(Math.min(ended.waitMs, leftMs), ended.message);
    }
    if (!(ended instanceof SendAborted)) return false;
    // A duplicate push does little harm. A duplicate SMS costs money and trust, so the attempt stays `unknown`.
    if (this.channel === 'sms' && ended.mayHaveBeenSent) {
      throw new RetryLater(INTERRUPTED_RETRY_MS, 'the process is stopping; the SMS may have been sent');
    }
    await this.tools.ledger.release(claimed);
    throw new RetryLater(0, 'the process is stopping');
  }

  private isDryRun(appId: string): boolean {
    return this.tools.config.apps.some((app) => app.appId === appId && app.dryRun);
  }

  private async record(
    delivery: ClaimedDelivery,
    step: NextStep,
    durationMs: number,
    prepared: PreparedAttempt | undefined,
    ended: SendResult | Error,
  ): Promise<void> {
    const { outcome, vendorCode, vendorMessageId, status, reason, retryInMs } = step;
    const result: AttemptResult = {
      deliveryId: delivery.id,
      notificationId: delivery.notificationId,
      attempt: delivery.attempt,
      outcome,
      vendorCode,
      vendorMessageId,
      ...answerFacts(ended, prepared?.message),
      durationMs,
      status,
      reason,
      retryInMs,
      dropped: prepared?.dropped ?? [],
      sms: prepared?.sms,
    };
    for (const waitMs of RECORD_RETRY_MS) {
      try {
        return await this.tools.ledger.record(result);
      } catch (err) {
        this.tools.logger.warn({ err, deliveryId: delivery.id, waitMs }, 'ledger.record_failed');
        await sleep(waitMs);
      }
    }
    await this.tools.ledger.record(result);
  }

  private async retire(
    delivery: ClaimedDelivery,
    step: NextStep,
    // A registration made during the vendor call stays valid.
    { deadSince = delivery.claimedAt, accountMayBeWrong }: Refused,
  ): Promise<void> {
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
          ...(accountMayBeWrong ? { accountMayBeWrong } : {}),
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
    const account = { app: appId, channel, provider };
    metrics.attempts.inc({ ...account, outcome: step.outcome });
    const labels = { ...account, kind: delivery.kind, outcome: step.outcome };
    metrics.attemptSeconds.observe(labels, durationMs / 1_000);
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
        // An internal error has no vendor code that identifies it.
        err: step.outcome === 'error' ? ended : undefined,
      },
      'delivery.attempted',
    );
  }
}

function unsentInDryRun({ message, sms }: PreparedAttempt): Unsent {
  return { reason: 'dry_run', sms, wouldSend: { ...message } };
}

/** If the process was paused since the claim, another worker may already have claimed the delivery. */
function assertClaimHolds({ beginBefore }: ClaimedDelivery): void {
  if (performance.now() < beginBefore) return;
  throw new SendPostponed(INTERRUPTED_RETRY_MS, 'the claim expired before the send');
}
