import { Module } from '@nestjs/common';
import { DatabaseProbe } from '../platform/health/database-probe.js';
import { Readiness } from '../platform/health/readiness.js';
import { BoardModule } from './board.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** What every process tells of itself, whatever its role. */
@Module({ controllers: [HealthController, MetricsController], providers: [DatabaseProbe, Readiness] })
export class ObservationModule {}

/** What the operator works with. */
@Module({ imports: [BoardModule] })
export class AdminModule {}
