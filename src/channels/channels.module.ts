import { Module } from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import { Ledger } from '../deliveries/ledger.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { JobQueue } from '../queue/job-queue.js';
import { CredentialProofs } from './credential-proofs.js';
import { CallPushProcessor, PushProcessor } from './push/push.processor.js';
import { ReachedDevices } from './push/reached-devices.js';
import { ProviderGate } from './provider-gate.js';
import { SEND_TOOLS, type SendTools } from './send-worker.js';
import { CostGuard } from './sms/guard/cost-guard.js';
import { CounterUpkeep } from './sms/guard/counter-upkeep.js';
import { OptOutModule } from './sms/opt-out/opt-out.module.js';
import { Pacer } from './sms/pace/pacer.js';
import { ReceiptWatch } from './sms/receipt-watch.js';
import { Reporting } from './sms/reporting.js';
import { SmsProcessor } from './sms/sms.processor.js';
import { TextDesk } from './sms/text-desk.js';

/** Stage 3, HOW: one delivery, one attempt. */
@Module({
  imports: [ProvidersModule, OptOutModule],
  providers: [
    ProviderGate,
    CredentialProofs,
    {
      provide: SEND_TOOLS,
      useFactory: (
        config: GatewayConfig,
        ledger: Ledger,
        queue: JobQueue,
        gate: ProviderGate,
        proofs: CredentialProofs,
        metrics: Metrics,
        logger: Logger,
      ): SendTools => ({ config, ledger, queue, gate, proofs, metrics, logger }),
      inject: [GatewayConfig, Ledger, JobQueue, ProviderGate, CredentialProofs, Metrics, LOGGER],
    },
    ReachedDevices,
    PushProcessor,
    CallPushProcessor,
    CostGuard,
    CounterUpkeep,
    Pacer,
    TextDesk,
    Reporting,
    ReceiptWatch,
    SmsProcessor,
  ],
})
export class ChannelsModule {}
