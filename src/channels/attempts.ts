import { Injectable } from '@nestjs/common';
import { Ledger } from '../deliveries/ledger.js';
import type { ClaimedDelivery } from '../domain/delivery.js';
import { ProviderMisconfigured, SendAborted, type Refused, type SendResult } from '../domain/outcome.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { AttemptResults } from './attempt-results.js';
import { CredentialProofs } from './credential-proofs.js';
import { AGAIN, ENDED, later, type Next } from './next.js';
import type { NextStep } from './next-step.js';
import { AlreadySent, SendPostponed, SendSkipped, type PreparedAttempt } from './prepared-attempt.js';
import { ProviderCircuitBreaker } from './provider-circuit-breaker.js';
import { PushSender } from './push/push-sender.js';
import type { Circumstances, Sender } from './sender.js';
import { SmsSender } from './sms/sms-sender.js';
import { Successors } from './successors.js';

/** Delay in ms before a delivery whose send was interrupted is retried. */
const INTERRUPTED_RETRY_MS = 1_000;

/** Makes attempts: sends a claimed delivery, and records the result. */
@Injectable()
export class Attempts {
  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: Ledger,
    private readonly breaker: ProviderCircuitBreaker,
    private readonly proofs: CredentialProofs,
    private readonly results: AttemptResults,
    private readonly successors: Successors,
    private readonly push: PushSender,
    private readonly sms: SmsSender,
  ) {}

  /** Makes the attempt that the delivery was claimed for. */
  make(delivery: ClaimedDelivery, circumstances: Circumstances): Promise<Next> {
    switch (delivery.channel) {
      case 'push':
        return this.makeBy(this.push, delivery, circumstances);
      case 'sms':
        return this.makeBy(this.sms, delivery, circumstances);
    }
  }

  private async makeBy<D extends ClaimedDelivery>(
    sender: Sender<D>,
    claimed: D,
    circumstances: Circumstances,
  ): Promise<Next> {
    const startedAt = performance.now();
    const { id: deliveryId, appId, uid, notificationKind: kind } = claimed;
    const context = { deliveryId, appId, uid, kind, signal: circumstances.signal };
    let prepared: PreparedAttempt<D> | undefined;
    let ended: SendResult | Error;
    let wasCalled = false;
    try {
      prepared = await sender.prepare(claimed, context, circumstances);
      if (this.isDryRun(appId)) throw skippedInDryRun(prepared);
      assertClaimHolds(claimed);
      wasCalled = true;
      ended = await prepared.send();
    } catch (error) {
      ended = error instanceof Error ? error : new Error(String(error));
    }
    const delivery = prepared?.delivery ?? claimed;
    if (wasCalled) await sender.recordOutcome(delivery, ended, circumstances);
    await this.breaker.returnPermit(deliveryId);
    if (ended instanceof SendPostponed) await prepared?.cancel();
    const unattempted = await this.withoutAttempt(claimed, ended);
    if (unattempted) return unattempted;

    const step = sender.nextStep(ended, await this.factsOf(delivery, prepared, ended), delivery);
    const hasSuccessors = await this.successors.planAfter(delivery, step);
    const durationMs = Math.round(performance.now() - startedAt);
    await this.results.record({ delivery, prepared, ended, step, durationMs });
    if (hasSuccessors) {
      const expiresAt = delivery.expiresAt.getTime();
      await this.successors.enqueue({ ...delivery, expiresAt }, circumstances.isUrgent);
    }
    if (prepared) await prepared.conclude(step, ended);
    if (step.retireAddress) await this.results.retire(delivery, step, ended as Refused);
    return nextOf(step);
  }

  private async factsOf<D extends ClaimedDelivery>(
    { attempt, unanswered, rings, expiresAt }: D,
    prepared: PreparedAttempt<D> | undefined,
    ended: SendResult | Error,
  ) {
    const { maxAttempts, backoffMs, maxBackoffMs } = this.config.delivery;
    return {
      ...{ attempt, maxAttempts, unanswered, rings, expiresAt },
      credentialsWorked: await this.credentialsWorked(prepared, ended),
      backoff: { backoffMs, maxBackoffMs },
      now: new Date(),
    };
  }

  private async credentialsWorked(
    prepared: PreparedAttempt<ClaimedDelivery> | undefined,
    ended: SendResult | Error,
  ): Promise<boolean> {
    if (!prepared) return false;
    if (!(ended instanceof Error) && ended.outcome === 'accepted') {
      await this.proofs.worked(prepared.credential);
      return true;
    }
    if (!(ended instanceof ProviderMisconfigured) || !ended.ofCredentials) return false;
    return this.proofs.hasWorked(prepared.credential);
  }

  /** Undoes the claim if no attempt was made. @returns what follows; undefined if one was made. */
  private async withoutAttempt(
    claimed: ClaimedDelivery,
    ended: SendResult | Error,
  ): Promise<Next | undefined> {
    if (ended instanceof SendSkipped) {
      await this.results.skip(ended.delivery, ended.unsent);
      return ENDED;
    }
    if (ended instanceof AlreadySent) return ENDED;
    if (ended instanceof SendPostponed) {
      await this.ledger.release(claimed);
      return later(ended.waitMs, ended.message, claimed.expiresAt.getTime());
    }
    if (!(ended instanceof SendAborted)) return undefined;
    // A duplicate push does little harm. A duplicate SMS costs money and trust, so the attempt stays `unknown`.
    if (claimed.channel === 'sms' && ended.mayHaveBeenSent)
      return later(INTERRUPTED_RETRY_MS, 'the process is stopping; the SMS may have been sent');
    await this.ledger.release(claimed);
    return later(0, 'the process is stopping');
  }

  private isDryRun(appId: string): boolean {
    return this.config.apps.some((app) => app.appId === appId && app.dryRun);
  }
}

function nextOf({ retryInMs, outcome, vendorCode }: NextStep): Next {
  if (retryInMs === null) return ENDED;
  return retryInMs === 0 ? AGAIN : later(retryInMs, `${outcome}: ${vendorCode}`);
}

function skippedInDryRun({ delivery, message, sms }: PreparedAttempt<ClaimedDelivery>): SendSkipped {
  return new SendSkipped(delivery, { reason: 'dry_run', sms, wouldSend: { ...message } });
}

/** If the process was paused since the claim, another worker may already have claimed the delivery. */
function assertClaimHolds({ beginBefore }: ClaimedDelivery): void {
  if (performance.now() < beginBefore) return;
  throw new SendPostponed(INTERRUPTED_RETRY_MS, 'the claim expired before the send');
}
