import { Processor } from '@nestjs/bullmq';
import { WORKER_OPTIONS } from '../queue/queue-worker.js';
import { SendingWorker } from './sending-worker.js';

/** Sends all pushes except those of calls. */
@Processor('push', WORKER_OPTIONS)
export class PushProcessor extends SendingWorker {}
