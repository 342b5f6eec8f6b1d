import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProviderCheckRepository } from '../deliveries/provider-check.repository.js';
import { AllowAccess } from '../platform/auth/access.js';
import { MetricsReader } from '../platform/metrics/metrics-reader.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { within } from '../platform/timing/within.js';
import { JobQueue } from '../queue/job-queue.js';
import { showChecks } from './check-metrics.js';

/** Time limit of the ping before counting, so that a hanging store does not delay the response. */
const PROBE_MS = 1_000;

/** Metrics for Prometheus, of all processes of a supervisor. */
@ApiTags('operations')
@Controller('metrics')
export class MetricsController {
  /** Response in progress, shared by concurrent requests. */
  private pending: Promise<string> | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly queue: JobQueue,
    private readonly checks: ProviderCheckRepository,
    private readonly reader: MetricsReader,
  ) {}

  @Get()
  @AllowAccess('open')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Metrics in the Prometheus text format' })
  read(): Promise<string> {
    return (this.pending ??= this.collect().finally(() => (this.pending = undefined)));
  }

  private async collect(): Promise<string> {
    // While the queue's store is unavailable, only its depth is omitted.
    const counts = await this.queue
      .ping(PROBE_MS)
      .then(() => this.queue.counts())
      .catch(() => []);
    this.metrics.queuedJobs.reset();
    for (const { queueName, state, jobs } of counts)
      this.metrics.queuedJobs.set({ queue: queueName, state }, jobs);
    const checks = await within(PROBE_MS, this.checks.all()).catch(() => undefined);
    if (checks) showChecks(this.metrics, checks);
    return this.reader.read();
  }
}
