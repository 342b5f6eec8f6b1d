import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Ledger } from '../../deliveries/ledger.js';
import { SmsLedger } from '../../deliveries/sms-ledger.js';
import type { ClaimedSms, SmsPlan, SmsFacts } from '../../domain/delivery.js';
import {
  ProviderMisconfigured,
  SendAborted,
  type Accepted,
  type AttemptOutcome,
  type SendResult,
} from '../../domain/outcome.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { PROCESS_SETTINGS } from '../../platform/config/config.module.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import type { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../providers/provider.js';
import type { NextStep } from '../next-step.js';
import { SendPostponed, SendSkipped, type PreparedAttempt } from '../prepared-attempt.js';
import { ProviderCircuitBreaker } from '../provider-circuit-breaker.js';
import { CostGuard, type Reservation } from './guard/cost-guard.js';
import { priceOf } from './guard/price-of.js';
import { OptOutRepository } from './opt-out/opt-out.repository.js';
import { SmsRateLimiter } from './rate-limit/sms-rate-limiter.js';
import { rateUnitsOf } from './rate-limit/rate-units.js';
import type { SmsAttemptContext } from './route/next-sms-step.js';
import { remainingBackoffMs } from './route/remaining-backoff.js';
import { LastAttempt } from './route/last-attempt.js';
import { mayBeDouble, providersToTry } from './route/remaining-providers.js';
import { acquireFor } from './sms-breakers.js';
import { statusUrlOf } from './status-url.js';
import type { ComposedSms } from './text/compose-sms.js';
import { smsOfDelivery } from './text/sms-of-delivery.js';

/** An SMS that may be sent and is counted under the limits. */
export interface PreparedSms extends Omit<PreparedAttempt<ClaimedSms>, 'cancel' | 'conclude'> {
  /** Unset for the reply to a STOP, START or HELP: no limit applies. */
  readonly reservation: Reservation | undefined;
}

interface Sending {
  readonly delivery: ClaimedSms;
  readonly context: SendContext;
  readonly reservation: Reservation | undefined;
}

/** Outcomes after which the vendor has certainly not taken the SMS, so that it costs nothing. */
const NOT_TAKEN: ReadonlySet<AttemptOutcome> = new Set([
  'refused',
  'unavailable',
  'over_quota',
  'misconfigured',
]);
const WITHOUT_PLAN = { onOverQuota: 'moveOn', country: null } as const;

/** Composes an SMS, checks opt-outs, chooses a provider and reserves its rate and cost. */
@Injectable()
export class SmsPreparer {
  private readonly last: LastAttempt;

  constructor(
    private readonly config: GatewayConfig,
    ledger: Ledger,
    private readonly smsLedger: SmsLedger,
    private readonly breaker: ProviderCircuitBreaker,
    private readonly providers: ProviderRegistry,
    private readonly optOuts: OptOutRepository,
    private readonly guard: CostGuard,
    private readonly rateLimiter: SmsRateLimiter,
    @Inject(PROCESS_SETTINGS) private readonly process: ProcessSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.last = new LastAttempt(ledger, smsLedger);
  }

  /** @throws SendSkipped, SendPostponed, AlreadySent; ProviderMisconfigured if no vendor remains. */
  async prepare(given: ClaimedSms, context: SendContext): Promise<PreparedSms> {
    const app = this.appOf(given);
    const composed = this.compose(given, app);
    const claimed = await this.last.resolve(given, {
      provider: this.providers.smsProvider(given.appId, given.earlier.at(-1)?.provider ?? ''),
      message: (attempt) => this.message(given, composed, attempt),
      context,
      acceptPossibleDouble: app.sms.acceptPossibleDouble,
    });
    await this.assertNotOptedOut(claimed);
    const delivery = await this.chooseProvider(claimed);
    const provider = this.providerOf(delivery);
    await this.waitForRateLimit(delivery, app, rateUnitsOf(provider, composed));
    const { reservation, facts } = await this.reserve(delivery, composed);
    const message = this.message(delivery, composed, delivery.attempt, provider);
    return {
      delivery,
      dropped: composed.dropped,
      sms: facts,
      message,
      reservation,
      credential: { provider, scope: '' },
      send: () => this.send(provider, message, { delivery, context, reservation }),
    };
  }

  /** The facts of an attempt that decide the next provider. */
  attemptContextOf(delivery: ClaimedSms): SmsAttemptContext {
    const app = this.config.apps.find(({ appId }) => appId === delivery.appId);
    return {
      plan: planOf(delivery),
      provider: delivery.provider,
      earlier: delivery.earlier,
      canLookUp: this.providers.smsProvider(delivery.appId, delivery.provider)?.lookUp !== undefined,
      // False if the app was removed from the configuration.
      acceptPossibleDouble: app?.sms.acceptPossibleDouble ?? false,
    };
  }

  /** Releases the reservation of an SMS that is not sent now. */
  async cancel({ reservation }: PreparedSms): Promise<void> {
    if (reservation) await this.release(reservation);
  }

  /** Releases the reservation of an SMS that was not taken, and records an opt-out that the vendor reports. */
  async conclude(
    { delivery, reservation }: PreparedSms,
    step: NextStep,
    ended: SendResult | Error,
  ): Promise<void> {
    const { appId, provider } = delivery;
    if (reservation) {
      if (NOT_TAKEN.has(step.outcome)) await this.release(reservation);
      else this.guard.spent(reservation);
    }
    if (!(ended instanceof Error) && ended.outcome === 'refused' && ended.reason === 'opted_out') {
      const { phno } = delivery.address;
      await this.optOuts.record(appId, phno, { optedOut: true, source: 'vendor', provider });
    }
  }

  private compose(delivery: ClaimedSms, app: AppSettings): ComposedSms {
    const composed = smsOfDelivery(delivery.options, delivery.content, app);
    if (!composed) throw new SendSkipped(delivery, { reason: 'empty_message' });
    return composed;
  }

  /** Checked before every attempt: a STOP may have arrived since the last one. */
  private async assertNotOptedOut(delivery: ClaimedSms): Promise<void> {
    const { phno } = delivery.address;
    if (planOf(delivery).isReply) return;
    if (await this.optOuts.isOptedOut(delivery.appId, phno)) {
      throw new SendSkipped(delivery, { reason: 'opted_out' });
    }
  }

  /** Chooses the first candidate that its circuit breaker and backoff allow, and records it in the ledger. */
  private async chooseProvider(delivery: ClaimedSms): Promise<ClaimedSms> {
    const { route, onOverQuota, afterSilence = false } = planOf(delivery);
    const configured = route.filter((id) => this.providers.smsProvider(delivery.appId, id));
    const candidates = providersToTry({ route: configured, onOverQuota }, delivery.earlier);
    if (candidates.length === 0) throw new ProviderMisconfigured({ vendorCode: 'provider_not_configured' });
    const isDouble = afterSilence || mayBeDouble(delivery.earlier);
    const asked = { backoff: this.config.delivery, now: Date.now() };
    let soonestMs = Infinity;
    for (const { provider } of candidates) {
      const backoffMs = remainingBackoffMs(provider, { onOverQuota }, delivery.earlier, asked);
      soonestMs = Math.min(soonestMs, backoffMs || Infinity);
      if (backoffMs > 0) continue;
      const { waitMs, isOverQuota } = await acquireFor(this.breaker, delivery, provider);
      if (waitMs === 0) {
        const isOther = provider !== delivery.provider;
        if (isOther || isDouble) await this.smsLedger.reroute(delivery, provider, isDouble);
        return isOther ? { ...delivery, provider } : delivery;
      }
      soonestMs = Math.min(soonestMs, waitMs);
      if (isOverQuota && onOverQuota === 'wait') break;
    }
    throw new SendPostponed(soonestMs, 'no provider of the route may be used now');
  }

  private async waitForRateLimit(
    delivery: ClaimedSms,
    { sms }: AppSettings,
    unitsOf: (settings: SmsProviderSettings) => number,
  ): Promise<void> {
    const { appId, provider } = delivery;
    const settings = sms.providers.find(({ id }) => id === provider);
    if (settings?.throughputPerSecond === undefined) return;
    const { throughputPerSecond: perSecond } = settings;
    const { taken, waitMs } = await this.rateLimiter.reserve(
      { appId, channel: 'sms', provider },
      perSecond,
      unitsOf(settings),
    );
    if (!taken) throw new SendPostponed(waitMs, 'the SMS rate limit of the provider account is reached');
    if (waitMs > 0) await sleep(waitMs);
  }

  private async reserve(
    delivery: ClaimedSms,
    { encoding, segments }: ComposedSms,
  ): Promise<{ reservation: Reservation | undefined; facts: SmsFacts }> {
    const { appId, uid, provider } = delivery;
    const { country, conversation, isReply } = planOf(delivery);
    const { phno } = delivery.address;
    const price = priceOf(this.appOf(delivery).sms.guard, provider, country, segments);
    const { micros: costMicros = null, currency = null } = price ?? {};
    const facts = { encoding, segments, country, costMicros, currency };
    if (isReply) return { reservation: undefined, facts };
    const answer = await this.guard.reserve({ appId, uid, conversation, phno, provider, country, segments });
    if (!answer.allowed) throw new SendSkipped(delivery, { reason: answer.reason, sms: facts });
    return { reservation: answer.reservation, facts };
  }

  private message(
    delivery: ClaimedSms,
    { text, encoding, segments }: ComposedSms,
    attempt: number,
    provider?: SmsProvider,
  ): SmsMessage {
    const settings = this.appOf(delivery).sms.providers.find(({ id }) => id === delivery.provider);
    return {
      address: delivery.address,
      text,
      encoding,
      segments,
      reference: `${delivery.id}-${attempt}`,
      statusUrl: statusUrlOf(this.process.publicUrl, delivery.appId, settings, provider),
      validForSeconds: Math.max(1, Math.round((delivery.expiresAt.getTime() - Date.now()) / 1_000)),
    };
  }

  private async send(
    provider: SmsProvider,
    message: SmsMessage,
    { delivery, context, reservation }: Sending,
  ): Promise<SendResult> {
    try {
      const result = await provider.send(message, context);
      if (result.outcome === 'accepted') await this.link(delivery, result);
      return result;
    } catch (error) {
      const isUntouched = error instanceof SendAborted && !error.mayHaveBeenSent;
      if (isUntouched && reservation) await this.release(reservation);
      throw error;
    }
  }

  /** Called before the result is recorded, so that delivery reports match even if the worker is killed in between. */
  private async link(
    { appId, provider, id: deliveryId, attempt }: ClaimedSms,
    { vendorMessageId, partIds }: Accepted,
  ): Promise<void> {
    if (vendorMessageId === null) return;
    const link = { appId, provider, vendorMessageId, partIds, deliveryId, attempt };
    // The SMS is sent, so an error must not fail the attempt. Delivery reports may still match by our reference.
    await this.smsLedger.linkMessage(link).catch((err: unknown) => {
      this.logger.warn({ err, deliveryId }, 'sms.message_not_linked');
    });
  }

  /** A reservation that cannot be released stays counted, which errs on the side of a lower bill. */
  private async release(reservation: Reservation): Promise<void> {
    await this.guard.release(reservation).catch((err: unknown) => {
      this.logger.warn({ err, appId: reservation.text.appId }, 'sms.reservation_kept');
    });
  }

  private providerOf({ appId, provider }: ClaimedSms): SmsProvider {
    const found = this.providers.smsProvider(appId, provider);
    if (!found) throw new ProviderMisconfigured({ vendorCode: 'provider_not_configured' });
    return found;
  }

  private appOf({ appId }: ClaimedSms): AppSettings {
    const app = this.config.apps.find((candidate) => candidate.appId === appId);
    if (!app) throw new ProviderMisconfigured({ vendorCode: 'app_not_configured' });
    return app;
  }
}

/** Deliveries planned by an earlier version have no plan. */
function planOf({ options, provider }: ClaimedSms): SmsPlan {
  return options.sms ?? { ...WITHOUT_PLAN, route: [provider] };
}
