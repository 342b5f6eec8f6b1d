import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from '../../../platform/logging/logger.js';
import { Authenticators } from '../../../platform/auth/request-authenticator.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { ProvidersModule } from '../../../providers/providers.module.js';
import { SuccessorRelay } from '../successor-relay.js';
import { InboundSmsHandler } from '../opt-out/inbound-sms.js';
import { OptOutModule } from '../opt-out/opt-out.module.js';
import { CallbackNonceRepository } from './callback-nonce.repository.js';
import { CallbackTimesRepository } from './callback-times.repository.js';
import { SmsCallbackDirectory } from './sms-callback-directory.js';
import { SmsCallbacksController } from './sms-callbacks.controller.js';
import { SmsListeners } from './sms-listeners.js';
import { halfSignedProviders, unverifiableProviders } from './unverifiable.js';
import { VendorReports } from './vendor-reports.js';
import { VendorAuthenticator } from './vendor.authenticator.js';

/** Delivery reports and inbound SMS. */
@Module({
  imports: [OptOutModule],
  providers: [InboundSmsHandler, SuccessorRelay, VendorReports],
  exports: [VendorReports],
})
export class VendorReportsModule {}

/** Vendor callbacks over HTTP. */
@Module({
  imports: [ProvidersModule, VendorReportsModule],
  controllers: [SmsCallbacksController],
  providers: [VendorAuthenticator, CallbackNonceRepository, CallbackTimesRepository, SmsCallbackDirectory],
  exports: [SmsCallbackDirectory],
})
export class SmsCallbacksModule implements OnModuleInit {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly authenticator: VendorAuthenticator,
    private readonly config: GatewayConfig,
    private readonly registry: ProviderRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.authenticators.set('vendor', this.authenticator);
    const providers = unverifiableProviders(this.config, this.registry);
    if (providers.length > 0) this.logger.warn({ providers }, 'sms.reports_unverifiable');
    const half = halfSignedProviders(this.config, this.registry);
    if (half.length > 0) {
      this.logger.warn(
        { providers: half },
        'sms.callbacks_half_signed: their signature does not cover the body; set callbackSecret',
      );
    }
  }
}

/** Vendor reports on persistent connections. */
@Module({ imports: [ProvidersModule, VendorReportsModule], providers: [SmsListeners] })
export class SmsListenersModule {}
