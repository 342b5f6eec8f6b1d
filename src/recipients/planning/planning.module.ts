import { Module } from '@nestjs/common';
import { CometChatContacts } from '../contacts/cometchat-contacts.js';
import { RecipientsModule } from '../recipients.module.js';
import { Shaper } from '../shaping/shaper.js';
import { CallPlanProcessor, PlanProcessor } from './plan.processor.js';
import { Planner } from './planner.js';
import { PushFirst } from './push-first.js';
import { RetireProcessor } from './retire.processor.js';
import { RetirementBrake } from './retirement-brake.js';
import { TextPlanner } from './text-planner.js';
import { TextedMessages } from './texted-messages.js';

/** Stage 2, WHO, as workers: one notification becomes one delivery for each address. */
@Module({
  imports: [RecipientsModule],
  providers: [
    Shaper,
    Planner,
    TextPlanner,
    PushFirst,
    TextedMessages,
    CometChatContacts,
    PlanProcessor,
    CallPlanProcessor,
    RetireProcessor,
    RetirementBrake,
  ],
})
export class PlanningModule {}
