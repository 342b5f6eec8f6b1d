import { Module } from '@nestjs/common';
import { CometChatContacts } from '../contacts/cometchat-contacts.js';
import { RecipientsModule } from '../recipients.module.js';
import { RuleEngine } from '../rules/rule-engine.js';
import { Planner } from './planner.js';
import { PushFirst } from './push-first.js';
import { SmsPlanner } from './sms-planner.js';
import { TextedMessageRepository } from './texted-message.repository.js';

/** The planner without its workers, for routes that show what it would plan. */
@Module({
  imports: [RecipientsModule],
  providers: [RuleEngine, Planner, SmsPlanner, PushFirst, TextedMessageRepository, CometChatContacts],
  exports: [RuleEngine, Planner, TextedMessageRepository],
})
export class PlannerModule {}
