import { Module } from '@nestjs/common';
import { CometChatContacts } from '../contacts/cometchat-contacts.js';
import { RecipientsModule } from '../recipients.module.js';
import { RuleEngine } from '../rules/rule-engine.js';
import { CallPlanProcessor, PlanProcessor } from './plan.processor.js';
import { Planner } from './planner.js';
import { PushFirst } from './push-first.js';
import { RetireProcessor } from './retire.processor.js';
import { RetirementBrake } from './retirement-brake.js';
import { SmsPlanner } from './sms-planner.js';
import { TextedMessageRepository } from './texted-message.repository.js';

/** Stage 2, WHO, as workers: one notification becomes one delivery for each address. */
@Module({
  imports: [RecipientsModule],
  providers: [
    RuleEngine,
    Planner,
    SmsPlanner,
    PushFirst,
    TextedMessageRepository,
    CometChatContacts,
    PlanProcessor,
    CallPlanProcessor,
    RetireProcessor,
    RetirementBrake,
  ],
})
export class PlanningModule {}
