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
import { accountOf } from './provider-account.js';
import type { CredentialProofs } from './credential-proofs.js';
import { FairShare } from './fair-share.js';
import { nextStep, type AttemptFacts, type NextStep } from './next-step.js';
import { guardedDeliveryOf } from './guarded-delivery.js';
import type { ProviderCircuitBreaker } from './provider-circuit-breaker.js';
import { SendPostponed, SendSkipped, AlreadySent, type PreparedAttempt } from './prepared-attempt.js';

/** Injection token of `DeliveryTools`. */
export const DELIVERY_TOOLS = Symbol('DELIVERY_TOOLS');

/** What every sending worker works with. */
export interface DeliveryTools {
  readonly config: GatewayConfig;
  readonly ledger: Ledger;
  readonly queue: JobQueue;
  readonly breaker: ProviderCircuitBreaker;
  readonly proofs: CredentialProofs;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The wait before what was held up is tried again, in milliseconds. */
const HELD_UP_MS = 1_000;
/** How long what finds no place in its worker goes back into the queue, at most, in milliseconds. */
const MAX_BACK_MS = 10_000;
const MAX_BACK_FOR_CALLS_MS = 1_000;
/** Waits between tries to write a result, in milliseconds: once a vendor has accepted, only this stands between us
 * and a second send. */
const RECORD_AGAIN_MS = [100, 500, 2_000, 5_000];

/**
 * One delivery, one attempt: claim it, send it, write down what came of it. What differs between the channels is
 * how an attempt is made ready, and what is made of its end.
 */
export abstract class DeliveryWorker extends QueueWorker {
  protected abstract readonly channel: Channel;

  private readonly places = new FairShare(
    () => this.sharded.concurrency,
    () => (this.isForCalls ? MAX_BACK_FOR_CALLS_MS : MAX_BACK_MS),
  );

  constructor(protected readonly tools: DeliveryTools) {
    super(tools.logger, FairShare.jobsFor(tools.config.delivery.concurrency));
  }

  /**
   * Makes the vendor's message, and decides through whom it goes.
   *
   * @throws SendSkipped, SendPostponed, AlreadySent where nothing is to be sent now; whatever else it throws ends the
   * attempt as if the provider had thrown it.
   */
  protected abstract prepare(delivery: ClaimedDelivery, context: SendContext): Promise<PreparedAttempt>;

  /** How long a delivery has to wait before it is even claimed, in milliseconds. */
  protected waitFor(job: SendDelivery, deliveryId: string): number {
    return this.tools.breaker.waitFor(accountOf(this.channel, job), {
      deliveryId,
      isUrgent: this.isForCalls,
    });
  }

  /** Whether a delivery that is ready may go, or how long it has to wait, in milliseconds. */
  protected acquire(delivery: ClaimedDelivery): Promise<number> {
    return this.tools.breaker.acquire(
      accountOf(this.channel, delivery),
      guardedDeliveryOf(delivery, this.isForCalls),
    );
  }

  /** Learns how the account is from how an attempt ended. */
  protected recordOutcome(delivery: ClaimedDelivery, ended: SendResult | Error): Promise<void> {
    return this.tools.breaker.recordOutcome(
      accountOf(this.channel, delivery),
      ended,
      guardedDeliveryOf(delivery, this.isForCalls),
    );
  }

  /** What comes next for a delivery. */
  protected nextStep(ended: SendResult | Error, facts: AttemptFacts, _delivery: ClaimedDelivery): NextStep {
    return nextStep(ended, facts);
  }

  /** What has to be done once the end of an attempt is on record. */
  protected async conclude(
    _ready: PreparedAttempt,
    _step: NextStep,
    _ended: SendResult | Error,
  ): Promise<void> {}

  /**
   * Plans what takes the place of a delivery that its address did not get, before that is on record.
   *
   * @param step how the attempt ended; unset: there was no address to try.
   * @returns whether there may be something to order.
   */
  protected async planInstead(_lost: LostDelivery, _step?: NextStep): Promise<boolean> {
    return false;
  }

  /** Orders what was planned so, once the rest is on record. Safe to do again. */
  protected async enqueueInstead(_lost: LostDelivery & Omit<SendDelivery, 'v'>): Promise<void> {}

  protected override async handle(
    job: QueueJob<'push.send' | 'sms.send'>,
    signal: AbortSignal,
  ): Promise<void> {
    this.waitForAccount(job.data, job.id ?? '');
    const { appId, channel, provider } = accountOf(this.channel, job.data);
    const backInMs = await this.places.run(`${appId} ${channel} ${provider}`, async () => {
      while (await this.attemptNext(job, signal));
    });
    const leftMs = Math.max(1, job.data.expiresAt - Date.now());
    if (backInMs > 0)
      throw new RetryLater(Math.min(backInMs, leftMs), 'its account has all places that it may have');
  }

  protected override async markDeadLettered(job: QueueJob<'push.send' | 'sms.send'>): Promise<void> {
    await this.tools.ledger.markDeadLettered(job.id ?? '');
  }

  /** @returns whether the next attempt is to be made at once. */
  private async attemptNext(job: QueueJob<'push.send' | 'sms.send'>, signal: AbortSignal): Promise<boolean> {
    const deliveryId = job.id ?? '';
    const claim = await this.tools.ledger.claim(deliveryId, this.isForCalls ? 'calls' : 'others');
    switch (claim.state) {
      case 'claimed':
        return this.attempt(claim.delivery, signal);
      case 'busy':
        throw new RetryLater(claim.retryInMs, 'another worker holds this delivery');
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
        // A worker that was killed right after writing the result had no time for the rest.
        await this.tools.ledger.settle(job.data.notificationId);
        await this.enqueueInstead({ ...job.data, id: deliveryId });
        return false;
      case 'missing':
        // Older than the ledger remembers.
        this.tools.logger.warn({ deliveryId, notificationId: job.data.notificationId }, 'delivery.missing');
        return false;
    }
  }

  private async abandon(job: QueueJob<'push.send' | 'sms.send'>, reason: Reason): Promise<void> {
    const deliveryId = job.id ?? '';
    const { notificationId, appId } = job.data;
    const isReplaced = await this.planInstead({ id: deliveryId, notificationId });
    await this.tools.ledger.abandon(deliveryId, reason);
    this.tools.metrics.deliveries.inc({ app: appId, channel: this.channel, status: 'skipped', reason });
    this.tools.logger.info({ deliveryId, notificationId, appId, reason }, 'delivery.skipped');
    if (isReplaced) await this.enqueueInstead({ ...job.data, id: deliveryId });
  }

  /** While its account is to be left alone a delivery is not claimed, so that the wait uses up no attempt. */
  private waitForAccount(job: SendDelivery, deliveryId: string): void {
    const leftMs = job.expiresAt - Date.now();
    const waitMs = leftMs <= 0 ? 0 : this.waitFor(job, deliveryId);
    if (waitMs > 0) throw new RetryLater(Math.min(waitMs, leftMs), 'its provider is to be left alone');
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
      if (this.runsDry(appId)) throw new SendSkipped(prepared.delivery, dryRun(prepared));
      const waitMs = await this.acquire(prepared.delivery);
      if (waitMs > 0) throw new SendPostponed(waitMs, 'its provider is to be left alone');
      assertClaimHolds(claimed);
      wasCalled = true;
      ended = await prepared.send();
    } catch (error) {
      ended = error instanceof Error ? error : new Error(String(error));
    }
    const delivery = prepared?.delivery ?? claimed;
    if (wasCalled) await this.recordOutcome(delivery, ended);
    await this.tools.breaker.returnPermit(deliveryId);
    if (await this.neverBegan(claimed, ended)) return false;

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
    const isReplaced = await this.planInstead(delivery, step);
    await this.record(delivery, step, durationMs, prepared);
    this.report(delivery, step, durationMs, ended);
    if (isReplaced) {
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

  /** Asked only where it matters. */
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

  /** Undoes the claim of an attempt that was not made; false: it was made. */
  private async neverBegan(claimed: ClaimedDelivery, ended: SendResult | Error): Promise<boolean> {
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
    // A second push does little harm. A second text costs money and trust: its attempt stays on record, without an end.
    if (this.channel === 'sms' && ended.mayHaveBeenSent) {
      throw new RetryLater(HELD_UP_MS, 'the process is stopping, and the text may have been sent');
    }
    await this.tools.ledger.release(claimed);
    throw new RetryLater(0, 'the process is stopping');
  }

  private runsDry(appId: string): boolean {
    return this.tools.config.apps.some((app) => app.appId === appId && app.dryRun);
  }

  private async record(
    delivery: ClaimedDelivery,
    step: NextStep,
    durationMs: number,
    prepared: PreparedAttempt | undefined,
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
      dropped: prepared?.dropped ?? [],
      text: prepared?.text,
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

  private async retire(
    delivery: ClaimedDelivery,
    step: NextStep,
    // A registration that came while the vendor was asked stands.
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

function dryRun({ message, text }: PreparedAttempt): Unsent {
  return { reason: 'dry_run', text, wouldSend: { ...message } };
}

/** The process may have been paused since the claim: then somebody else may hold the delivery by now, or soon. */
function assertClaimHolds({ beginBefore }: ClaimedDelivery): void {
  if (performance.now() < beginBefore) return;
  throw new SendPostponed(HELD_UP_MS, 'the claim ran out before it was used');
}
