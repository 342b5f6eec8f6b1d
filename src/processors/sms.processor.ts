import { Processor } from '@nestjs/bullmq';
import { WORKER_OPTIONS } from '../queue/queue-worker.js';
import { SendingWorker } from './sending-worker.js';

/** Sends SMS, and checks for overdue delivery reports. */
@Processor('sms', WORKER_OPTIONS)
export class SmsProcessor extends SendingWorker {}
