import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module.js';
import { AttemptResults } from './attempt-results.js';
import { Attempts } from './attempts.js';
import { AccountChecks } from './checks/account-checks.js';
import { CredentialProofs } from './credential-proofs.js';
import { DeliveryRun } from './delivery-run.js';
import { ProviderCircuitBreaker } from './provider-circuit-breaker.js';
import { PushSender } from './push/push-sender.js';
import { ReachedDevices } from './push/reached-devices.js';
import { CallbackNonceRepository } from './sms/callbacks/callback-nonce.repository.js';
import { CostGuard } from './sms/guard/cost-guard.js';
import { OptOutModule } from './sms/opt-out/opt-out.module.js';
import { SmsRateLimiter } from './sms/rate-limit/sms-rate-limiter.js';
import { ReportCapability } from './sms/report-capability.js';
import { ReportWatch } from './sms/report-watch.js';
import { SmsPreparer } from './sms/sms-preparer.js';
import { SmsSender } from './sms/sms-sender.js';
import { SmsUpkeep } from './sms/sms-upkeep.js';
import { Successors } from './successors.js';

/** Stage 3, HOW: one delivery, one attempt. */
@Module({
  imports: [ProvidersModule, OptOutModule],
  providers: [
    ProviderCircuitBreaker,
    CredentialProofs,
    AccountChecks,
    Attempts,
    AttemptResults,
    DeliveryRun,
    Successors,
    ReachedDevices,
    PushSender,
    CostGuard,
    CallbackNonceRepository,
    SmsUpkeep,
    SmsRateLimiter,
    SmsPreparer,
    ReportCapability,
    ReportWatch,
    SmsSender,
  ],
  exports: [DeliveryRun, ProviderCircuitBreaker, ReportWatch],
})
export class ChannelsModule {}
