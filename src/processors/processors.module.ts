import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { PlanningModule } from '../recipients/planning/planning.module.js';
import { CallsProcessor } from './calls.processor.js';
import { DeliveryJob } from './delivery-job.js';
import {
  FormerPlanCallsProcessor,
  FormerPlanProcessor,
  FormerPushCallsProcessor,
} from './former.processor.js';
import { NotificationJob } from './notification-job.js';
import { PushProcessor } from './push.processor.js';
import { SendingJobs } from './sending-worker.js';
import { SmsProcessor } from './sms.processor.js';

/** The workers that plan and send. */
@Module({
  imports: [PlanningModule, ChannelsModule],
  providers: [
    NotificationJob,
    DeliveryJob,
    SendingJobs,
    PushProcessor,
    CallsProcessor,
    SmsProcessor,
    FormerPlanProcessor,
    FormerPlanCallsProcessor,
    FormerPushCallsProcessor,
  ],
})
export class ProcessorsModule {}
