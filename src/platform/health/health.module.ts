import { Global, Module } from '@nestjs/common';
import { DatabaseProbe } from './database-probe.js';
import { HealthItems } from './health-items.js';

@Global()
@Module({ providers: [HealthItems, DatabaseProbe], exports: [HealthItems, DatabaseProbe] })
export class HealthModule {}
