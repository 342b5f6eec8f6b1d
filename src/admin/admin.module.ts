import { Module } from '@nestjs/common';
import { BoardModule } from './board.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** What every process tells of itself, whatever its role. */
@Module({ controllers: [HealthController, MetricsController] })
export class ObservationModule {}

/** What the operator works with. */
@Module({ imports: [BoardModule] })
export class AdminModule {}
