import { Module } from '@nestjs/common';
import { RecipientsModule } from '../recipients.module.js';
import { CallPlanProcessor, PlanProcessor } from './plan.processor.js';
import { PlannerModule } from './planner.module.js';
import { RetireProcessor } from './retire.processor.js';
import { RetirementBrake } from './retirement-brake.js';

/** Stage 2, WHO, as workers: one notification becomes one delivery for each address. */
@Module({
  imports: [RecipientsModule, PlannerModule],
  providers: [PlanProcessor, CallPlanProcessor, RetireProcessor, RetirementBrake],
})
export class PlanningModule {}
