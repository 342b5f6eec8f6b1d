import { Module } from '@nestjs/common';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { SpoolModule } from '../queue/spool/spool.module.js';
import { ContentController } from './content.controller.js';
import { FirstRequests } from './first-requests.js';
import { Intake } from './intake.js';
import { NotificationsController } from './notifications.controller.js';
import { Resend } from './resend.js';
import { Readers } from './search/readers.js';
import { SearchController } from './search/search.controller.js';
import { Searcher } from './search/searcher.js';
import { SendController } from './send.controller.js';
import { StoryTeller } from './story/story-teller.js';

/** Accepts notifications from webhooks, the API and replies. */
@Module({ imports: [SpoolModule], providers: [Intake], exports: [Intake] })
export class IntakeModule {}

/** The routes under `/v1/notifications`, and `/v1/search`. */
@Module({
  imports: [IntakeModule, SpoolModule, RecipientsModule],
  controllers: [SendController, NotificationsController, ContentController, SearchController],
  providers: [NotificationRepository, Resend, FirstRequests, StoryTeller, Readers, Searcher],
})
export class NotificationsModule {}
