import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { BoardModule } from './board.module.js';
import { ConsoleModule } from './console.module.js';
import { ConfigController } from './config.controller.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ScalingController } from './scaling.controller.js';
import { SessionController } from './session.controller.js';
import { WelcomeController } from './welcome.controller.js';

/** Health and metrics, in every role. */
@Module({ controllers: [HealthController, MetricsController] })
export class ObservationModule {}

/** The operator's pages and login, and the audit log. */
@Module({
  imports: [BoardModule, ConsoleModule],
  controllers: [SessionController, AuditController, ConfigController, ScalingController, WelcomeController],
})
export class AdminModule {}
