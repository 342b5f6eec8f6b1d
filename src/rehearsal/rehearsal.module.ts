import { Module } from '@nestjs/common';
import { OptOutModule } from '../channels/sms/opt-out/opt-out.module.js';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { PlannerModule } from '../recipients/planning/planner.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { PhonesController } from './phones/phones.controller.js';
import { SandboxPhones } from './phones/sandbox-phones.js';
import { PlayController } from './play/play.controller.js';
import { Player } from './play/player.js';
import { RuleEvaluation } from './rules/rule-evaluation.js';
import { RulesController } from './rules/rules.controller.js';
import { WouldBeMessages } from './rules/would-be-messages.js';

/** Rehearsals: sandbox phones, played events of CometChat, and the test of rules. */
@Module({
  imports: [WebhooksModule, RecipientsModule, PlannerModule, OptOutModule],
  controllers: [PlayController, PhonesController, RulesController],
  providers: [Player, SandboxPhones, RuleEvaluation, WouldBeMessages, NotificationRepository],
})
export class RehearsalModule {}
