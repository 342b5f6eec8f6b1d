import { Module } from '@nestjs/common';
import { BoardModule } from './board.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** Health and metrics, in every role. */
@Module({ controllers: [HealthController, MetricsController] })
export class ObservationModule {}

/** The operator's pages. */
@Module({ imports: [BoardModule] })
export class AdminModule {}
