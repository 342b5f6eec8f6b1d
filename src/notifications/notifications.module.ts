import { Module } from '@nestjs/common';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { SpoolModule } from '../queue/spool/spool.module.js';
import { ContentController } from './content.controller.js';
import { FirstRequests } from './first-requests.js';
import { Intake } from './intake.js';
import { NotificationsController } from './notifications.controller.js';
import { ReplayPreview } from './replays/replay-preview.js';
import { ReplayRunner } from './replays/replay-runner.js';
import { ReplayScanner } from './replays/replay-scanner.js';
import { ReplayProcessor } from './replays/replay.processor.js';
import { Replays } from './replays/replays.js';
import { ReplaysController } from './replays/replays.controller.js';
import { Resend } from './resend.js';
import { Readers } from './search/readers.js';
import { SearchController } from './search/search.controller.js';
import { Searcher } from './search/searcher.js';
import { SendController } from './send.controller.js';
import { StoryTeller } from './story/story-teller.js';
import { TestSends } from './test-sends/test-sends.js';
import { TestSendsController } from './test-sends/test-sends.controller.js';
import { VendorsWord } from './test-sends/vendors-word.js';

/** Accepts notifications from webhooks, the API and replies. */
@Module({ imports: [SpoolModule], providers: [Intake], exports: [Intake] })
export class IntakeModule {}

/** Examines the ledger for replays. */
@Module({ imports: [RecipientsModule], providers: [ReplayScanner], exports: [ReplayScanner] })
class ReplayScannerModule {}

/** Runs replays. */
@Module({ imports: [IntakeModule, ReplayScannerModule], providers: [ReplayRunner, ReplayProcessor] })
export class ReplayWorkerModule {}

/** The routes under `/v1/notifications`, `/v1/search`, `/v1/tests` and `/v1/replays`. */
@Module({
  imports: [IntakeModule, SpoolModule, RecipientsModule, ReplayScannerModule],
  controllers: [
    SendController,
    NotificationsController,
    ContentController,
    SearchController,
    TestSendsController,
    ReplaysController,
  ],
  providers: [
    NotificationRepository,
    Resend,
    FirstRequests,
    StoryTeller,
    Readers,
    Searcher,
    TestSends,
    VendorsWord,
    Replays,
    ReplayPreview,
  ],
})
export class NotificationsModule {}
