import { Global, Module } from '@nestjs/common';
import { DatabaseProbe } from './database-probe.js';
import { HealthItems } from './health-items.js';
import { Readiness } from './readiness.js';

@Global()
@Module({
  providers: [HealthItems, DatabaseProbe, Readiness],
  exports: [HealthItems, DatabaseProbe, Readiness],
})
export class HealthModule {}
