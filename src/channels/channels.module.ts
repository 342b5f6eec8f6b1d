import { Module } from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import { Ledger } from '../deliveries/ledger.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { JobQueue } from '../queue/job-queue.js';
import { AccountChecks } from './checks/account-checks.js';
import { CredentialProofs } from './credential-proofs.js';
import { CallPushProcessor, PushProcessor } from './push/push.processor.js';
import { ReachedDevices } from './push/reached-devices.js';
import { ProviderCircuitBreaker } from './provider-circuit-breaker.js';
import { DELIVERY_TOOLS, type DeliveryTools } from './delivery-worker.js';
import { CallbackNonceRepository } from './sms/callbacks/callback-nonce.repository.js';
import { CostGuard } from './sms/guard/cost-guard.js';
import { OptOutModule } from './sms/opt-out/opt-out.module.js';
import { SmsRateLimiter } from './sms/rate-limit/sms-rate-limiter.js';
import { ReportWatch } from './sms/report-watch.js';
import { ReportCapability } from './sms/report-capability.js';
import { SmsProcessor } from './sms/sms.processor.js';
import { SmsPreparer } from './sms/sms-preparer.js';
import { SmsUpkeep } from './sms/sms-upkeep.js';

/** Stage 3, HOW: one delivery, one attempt. */
@Module({
  imports: [ProvidersModule, OptOutModule],
  providers: [
    ProviderCircuitBreaker,
    CredentialProofs,
    AccountChecks,
    {
      provide: DELIVERY_TOOLS,
      useFactory: (
        config: GatewayConfig,
        ledger: Ledger,
        queue: JobQueue,
        breaker: ProviderCircuitBreaker,
        proofs: CredentialProofs,
        metrics: Metrics,
        logger: Logger,
      ): DeliveryTools => ({ config, ledger, queue, breaker, proofs, metrics, logger }),
      inject: [GatewayConfig, Ledger, JobQueue, ProviderCircuitBreaker, CredentialProofs, Metrics, LOGGER],
    },
    ReachedDevices,
    PushProcessor,
    CallPushProcessor,
    CostGuard,
    CallbackNonceRepository,
    SmsUpkeep,
    SmsRateLimiter,
    SmsPreparer,
    ReportCapability,
    ReportWatch,
    SmsProcessor,
  ],
})
export class ChannelsModule {}
