import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from '../../../platform/logging/logger.js';
import { Guards } from '../../../platform/auth/request-guard.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { ProvidersModule } from '../../../providers/providers.module.js';
import { SuccessorRelay } from '../successor-relay.js';
import { InboundTexts } from '../opt-out/inbound-texts.js';
import { OptOutModule } from '../opt-out/opt-out.module.js';
import { CallbackNonces } from './callback-nonces.js';
import { SmsCallbacksController } from './sms-callbacks.controller.js';
import { SmsListeners } from './sms-listeners.js';
import { halfSignedProviders, unverifiableProviders } from './unverifiable.js';
import { VendorReports } from './vendor-reports.js';
import { VendorGuard } from './vendor.guard.js';

/** What vendors report of texts, and what people answer. */
@Module({
  imports: [OptOutModule],
  providers: [InboundTexts, SuccessorRelay, VendorReports],
  exports: [VendorReports],
})
export class VendorReportsModule {}

/** The addresses under which vendors report. */
@Module({
  imports: [ProvidersModule, VendorReportsModule],
  controllers: [SmsCallbacksController],
  providers: [VendorGuard, CallbackNonces],
})
export class SmsCallbacksModule implements OnModuleInit {
  constructor(
    private readonly guards: Guards,
    private readonly guard: VendorGuard,
    private readonly config: GatewayConfig,
    private readonly registry: ProviderRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.guards.set('vendor', this.guard);
    const providers = unverifiableProviders(this.config, this.registry);
    if (providers.length > 0) this.logger.warn({ providers }, 'sms.receipts_unverifiable');
    const half = halfSignedProviders(this.config, this.registry);
    if (half.length > 0) {
      this.logger.warn(
        { providers: half },
        'sms.callbacks_half_signed: their signature does not cover the body; set callbackSecret',
      );
    }
  }
}

/** The connections on which vendors report. */
@Module({ imports: [ProvidersModule, VendorReportsModule], providers: [SmsListeners] })
export class SmsListenersModule {}
