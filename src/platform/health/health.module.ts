import { Global, Module } from '@nestjs/common';
import { DatabaseProbe } from './database-probe.js';
import { HealthItems } from './health-items.js';
import { MigrationRecord } from './migration-record.js';
import { Readiness } from './readiness.js';

@Global()
@Module({
  providers: [HealthItems, DatabaseProbe, MigrationRecord, Readiness],
  exports: [HealthItems, DatabaseProbe, MigrationRecord, Readiness],
})
export class HealthModule {}
