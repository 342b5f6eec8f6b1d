import { Module } from '@nestjs/common';
import { RecipientsModule } from '../recipients.module.js';
import { PlannerModule } from './planner.module.js';
import { Planning } from './planning.js';
import { RetireProcessor } from './retire.processor.js';
import { RetirementBrake } from './retirement-brake.js';

/** Stage 2, WHO, of a worker process: one notification becomes one delivery for each address. */
@Module({
  imports: [RecipientsModule, PlannerModule],
  providers: [Planning, RetireProcessor, RetirementBrake],
  exports: [Planning],
})
export class PlanningModule {}
