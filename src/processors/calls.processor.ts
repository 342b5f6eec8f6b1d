import { Processor } from '@nestjs/bullmq';
import { WORKER_OPTIONS } from '../queue/queue-worker.js';
import { SendingWorker } from './sending-worker.js';

/** Sends the pushes of calls. */
@Processor('calls', WORKER_OPTIONS)
export class CallsProcessor extends SendingWorker {
  override readonly isForCalls = true;
}
