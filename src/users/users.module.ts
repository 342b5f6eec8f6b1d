import { Module } from '@nestjs/common';
import { OptOutModule } from '../channels/sms/opt-out/opt-out.module.js';
import { SmsErasure } from '../channels/sms/sms-erasure.js';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { SpoolModule } from '../queue/spool/spool.module.js';
import { PlannerModule } from '../recipients/planning/planner.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { PlanPreview } from './plan-preview.js';
import { UserErasure } from './user-erasure.js';
import { UserExport } from './user-export.js';
import { UserOptOutsController } from './user-opt-outs.controller.js';
import { UserOverview } from './user-overview.js';
import { UsersController } from './users.controller.js';

/** The routes about whole users. */
@Module({
  imports: [RecipientsModule, PlannerModule, OptOutModule, SpoolModule],
  controllers: [UsersController, UserOptOutsController],
  providers: [NotificationRepository, SmsErasure, UserOverview, PlanPreview, UserExport, UserErasure],
})
export class UsersModule {}
