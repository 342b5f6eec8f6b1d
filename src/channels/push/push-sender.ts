import { Injectable } from '@nestjs/common';
import type { ClaimedPush, PushAddress } from '../../domain/delivery.js';
import type { PushContent } from '../../domain/event.js';
import { ProviderMisconfigured, type SendResult } from '../../domain/outcome.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import type { SendContext } from '../../providers/provider.js';
import { guardedDeliveryOf } from '../guarded-delivery.js';
import { nextStep, type AttemptFacts, type NextStep } from '../next-step.js';
import { SendPostponed, type PreparedAttempt } from '../prepared-attempt.js';
import { accountOfPush, originOf } from '../provider-account.js';
import { BREAKER_OPEN, ProviderCircuitBreaker } from '../provider-circuit-breaker.js';
import type { Circumstances, Sender } from '../sender.js';
import { pushOfDelivery } from './payload/push-of-delivery.js';
import { ReachedDevices } from './reached-devices.js';

/** Sends pushes to devices. */
@Injectable()
export class PushSender implements Sender<ClaimedPush> {
  constructor(
    private readonly config: GatewayConfig,
    private readonly providers: ProviderRegistry,
    private readonly breaker: ProviderCircuitBreaker,
    private readonly reached: ReachedDevices,
  ) {}

  async prepare(
    delivery: ClaimedPush,
    context: SendContext,
    { isUrgent }: Circumstances,
  ): Promise<PreparedAttempt<ClaimedPush>> {
    const { appId, address, content, receivedAt, expiresAt, options } = delivery;
    const provider = this.providers.pushProvider(appId, delivery.provider, address);
    if (!provider) throw new ProviderMisconfigured({ vendorCode: 'provider_not_configured' });
    const app = this.config.apps.find((candidate) => candidate.appId === appId);
    const { payload, headers, dropped } = pushOfDelivery(
      { appId, content: content as PushContent, address, receivedAt, expiresAt, now: new Date(), options },
      app?.push,
    );
    const waitMs = await this.breaker.acquire(accountOfPush(delivery), guardedDeliveryOf(delivery, isUrgent));
    if (waitMs > 0) throw new SendPostponed(waitMs, BREAKER_OPEN);
    return {
      delivery,
      dropped,
      message: { payload, headers },
      credential: { provider, scope: scopeOf(address) },
      send: () => provider.send({ address, payload, headers }, context),
      cancel: async () => undefined,
      conclude: async (_step, ended) => this.noteReached(delivery, ended),
    };
  }

  recordOutcome(
    delivery: ClaimedPush,
    ended: SendResult | Error,
    { isUrgent }: Circumstances,
  ): Promise<void> {
    return this.breaker.recordOutcome(accountOfPush(delivery), ended, guardedDeliveryOf(delivery, isUrgent));
  }

  nextStep(ended: SendResult | Error, facts: AttemptFacts): NextStep {
    return nextStep(ended, facts);
  }

  private noteReached({ deviceId }: ClaimedPush, ended: SendResult | Error): void {
    if (deviceId === null || ended instanceof Error || ended.outcome !== 'accepted') return;
    this.reached.note({ id: deviceId, environment: ended.environment });
  }
}

/** A vendor may accept one platform and lack the key for another. Each Web Push service is a separate vendor. */
function scopeOf({ transport, platform, token }: PushAddress): string {
  return (transport === 'webpush' ? originOf(token) : undefined) ?? platform;
}
