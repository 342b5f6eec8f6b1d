import { Module } from '@nestjs/common';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { NotificationsController } from './notifications.controller.js';

/** The API under `/v1/notifications`. */
@Module({ controllers: [NotificationsController], providers: [NotificationRepository] })
export class NotificationsModule {}
