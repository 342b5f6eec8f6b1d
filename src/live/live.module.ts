import { Module } from '@nestjs/common';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { SpoolModule } from '../queue/spool/spool.module.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './events.controller.js';
import { BrakedAccounts } from './status/braked-accounts.js';
import { StatusBoard } from './status/status-board.js';
import { StatusController } from './status/status.controller.js';

/** Live events and current problems: `/v1/events` and `/v1/status`. */
@Module({
  imports: [SpoolModule],
  controllers: [EventsController, StatusController],
  providers: [NotificationRepository, EventStreams, StatusBoard, BrakedAccounts],
})
export class LiveModule {}
