import { Processor } from '@nestjs/bullmq';
import { WORKER_OPTIONS } from '../queue/queue-worker.js';
import { SendingWorker } from './sending-worker.js';

// Workers of the queues of earlier versions. Delete them together with `FORMER_QUEUES`.

@Processor('plan', WORKER_OPTIONS)
export class FormerPlanProcessor extends SendingWorker {}

@Processor('plan-calls', WORKER_OPTIONS)
export class FormerPlanCallsProcessor extends SendingWorker {
  override readonly isForCalls = true;
}

@Processor('push-calls', WORKER_OPTIONS)
export class FormerPushCallsProcessor extends SendingWorker {
  override readonly isForCalls = true;
}
