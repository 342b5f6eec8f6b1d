import { Module } from '@nestjs/common';
import { RecipientsModule } from '../recipients.module.js';
import { Shaper } from '../shaping/shaper.js';
import { CallPlanProcessor, PlanProcessor } from './plan.processor.js';
import { Planner } from './planner.js';
import { RetireProcessor } from './retire.processor.js';
import { RetirementBrake } from './retirement-brake.js';

/** Stage 2, WHO, as workers: one notification becomes one delivery for each address. */
@Module({
  imports: [RecipientsModule],
  providers: [Shaper, Planner, PlanProcessor, CallPlanProcessor, RetireProcessor, RetirementBrake],
})
export class PlanningModule {}
