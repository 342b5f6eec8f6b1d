import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from './platform/logging/logger.js';
import { AdminModule, ObservationModule } from './admin/admin.module.js';
import { SmsCallbackDirectory } from './channels/sms/callbacks/sms-callback-directory.js';
import { SmsCallbacksModule, SmsListenersModule } from './channels/sms/callbacks/sms-callbacks.module.js';
import { OptOutApiModule } from './channels/sms/opt-out/opt-out.module.js';
import { SpendModule } from './channels/sms/spend/spend.module.js';
import { ReplyIntake } from './channels/sms/opt-out/reply-intake.js';
import { CallbackDirectory } from './deliveries/account-callbacks.js';
import {
  DeliveriesApiModule,
  DeliveriesModule,
  DeliveriesUpkeepModule,
} from './deliveries/deliveries.module.js';
import { DeviceCounter } from './deliveries/served-devices.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import type { ConfigOrigins } from './platform/config/config-origins.js';
import { ConfigModule } from './platform/config/config.module.js';
import type { GatewayConfig } from './platform/config/gateway-config.js';
import type { ProcessSettings } from './platform/config/process-settings.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import type { SiblingMetrics } from './platform/metrics/merged-metrics.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { QueueModule } from './queue/queue.module.js';
import { UpkeepModule } from './queue/upkeep.processor.js';
import type { QueueStore } from './queue/bullmq/queue-store.js';
import { LiveModule } from './live/live.module.js';
import { Intake } from './notifications/intake.js';
import {
  IntakeModule,
  NotificationsModule,
  ReplayWorkerModule,
} from './notifications/notifications.module.js';
import { ProcessorsModule } from './processors/processors.module.js';
import { SampledDeviceCounter } from './recipients/devices/device-census.js';
import { RecipientsApiModule, RecipientsModule } from './recipients/recipients.module.js';
import { RehearsalModule } from './rehearsal/rehearsal.module.js';
import { UsersModule } from './users/users.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

export interface AppOptions {
  readonly settings: ProcessSettings;
  readonly config: GatewayConfig;
  readonly origins: ConfigOrigins;
  readonly demo: boolean;
  readonly logger: Logger;
  readonly databaseUrl: string;
  readonly queueStore: QueueStore;
  /** The other processes of a supervisor; undefined: there is none. */
  readonly siblings?: SiblingMetrics | undefined;
}

/** Replies that `channels` produces go to the intake of `notifications`. */
@Global()
@Module({
  imports: [IntakeModule],
  providers: [
    { provide: ReplyIntake, useFactory: (intake: Intake): ReplyIntake => intake, inject: [Intake] },
  ],
  exports: [ReplyIntake],
})
class ReplyIntakeModule {}

/** What `deliveries` shows of accounts, and other stages know. */
@Global()
@Module({
  imports: [RecipientsModule, SmsCallbacksModule],
  providers: [
    { provide: DeviceCounter, useExisting: SampledDeviceCounter },
    { provide: CallbackDirectory, useExisting: SmsCallbackDirectory },
  ],
  exports: [DeviceCounter, CallbackDirectory],
})
class AccountsModule {}

/** The stages, in the order that a notification passes through them. */
@Module({})
export class AppModule {
  static for({
    settings,
    config,
    origins,
    demo,
    logger,
    databaseUrl,
    queueStore,
    siblings,
  }: AppOptions): DynamicModule {
    const platform = [
      ConfigModule.with(settings, config, origins, demo),
      LoggingModule.with(logger),
      MetricsModule.with(siblings),
      HealthModule,
      DatabaseModule.at(databaseUrl),
      QueueModule.on(queueStore),
      AuthModule,
      AuditModule,
      DeliveriesModule,
      ObservationModule,
      ReplyIntakeModule,
    ];
    const api = [
      WebhooksModule,
      RecipientsApiModule,
      SmsCallbacksModule,
      AccountsModule,
      OptOutApiModule,
      SpendModule,
      DeliveriesApiModule,
      NotificationsModule,
      UsersModule,
      LiveModule,
      RehearsalModule,
      AdminModule,
    ];
    const worker = [
      ProcessorsModule,
      SmsListenersModule,
      DeliveriesUpkeepModule,
      ReplayWorkerModule,
      UpkeepModule,
    ];
    return {
      module: AppModule,
      imports: [
        ...platform,
        ...(settings.role === 'worker' ? [] : api),
        ...(settings.role === 'api' ? [] : worker),
      ],
    };
  }
}
