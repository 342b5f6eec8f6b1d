import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowAccess } from '../platform/auth/access.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { JobQueue } from '../queue/job-queue.js';

/** Asked before the queue is counted: a store that hangs would hold up whoever asks. */
const PROBE_MS = 1_000;

/** For Prometheus. */
@ApiTags('operations')
@Controller('metrics')
export class MetricsController {
  /** The answer that is being made: who comes meanwhile shares it. */
  private pending: Promise<string> | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly queue: JobQueue,
  ) {}

  @Get()
  @AllowAccess('open')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Figures in the Prometheus text format' })
  read(): Promise<string> {
    return (this.pending ??= this.collect().finally(() => (this.pending = undefined)));
  }

  private async collect(): Promise<string> {
    // While the queue's store is away its depth is unknown, which is no reason to withhold the other figures.
    const counts = await this.queue
      .ping(PROBE_MS)
      .then(() => this.queue.counts())
      .catch(() => []);
    this.metrics.queuedJobs.reset();
    for (const { queueName, state, jobs } of counts)
      this.metrics.queuedJobs.set({ queue: queueName, state }, jobs);
    return this.metrics.registry.metrics();
  }
}
