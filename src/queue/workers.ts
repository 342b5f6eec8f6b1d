import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { LaneWorker } from './lane-worker.js';
import { Pace } from './pace.js';

/** The workers of this process. */
@Injectable()
export class Workers {
  constructor(private readonly discovery: DiscoveryService) {}

  async start(): Promise<void> {
    const pace = new Pace();
    for (const worker of this.all()) {
      worker.worker.concurrency = worker.concurrency;
      if (worker.isForCalls) worker.worker.on('active', () => pace.callCame());
      else pace.add(worker.worker, worker.concurrency);
      await worker.start?.();
    }
  }

  /** Up where every worker of this process is running; a process without workers is none the worse. */
  health(): { status: 'up' | 'down'; detail: string } {
    const workers = this.all();
    const stopped = workers.filter(({ worker }) => !worker.isRunning()).map(({ worker }) => worker.name);
    if (stopped.length > 0) return { status: 'down', detail: `${stopped.join(', ')} stopped` };
    return { status: 'up', detail: workers.length === 0 ? 'none in this role' : `${workers.length} running` };
  }

  private all(): LaneWorker[] {
    return this.discovery
      .getProviders()
      .map(({ instance }: { instance: unknown }) => instance)
      .filter((instance): instance is LaneWorker => instance instanceof LaneWorker);
  }
}
