import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ProviderStateRepository } from '../deliveries/provider-state.repository.js';
import { AllowAccess } from '../platform/auth/access.js';
import { DatabaseProbe } from '../platform/health/database-probe.js';
import { HealthItems, type HealthItem } from '../platform/health/health-items.js';
import { Readiness } from '../platform/health/readiness.js';
import { SharedProbe } from '../platform/health/shared-probe.js';
import { within } from '../platform/timing/within.js';
import { JobQueue } from '../queue/job-queue.js';
import { Workers } from '../queue/workers.js';
import { codeOf } from '../platform/errors/code-of.js';

const PROBE_MS = 1_500;

/** For the machines that watch this process. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  /** Shared, because anyone may ask: a crowd of callers must not take connections from those who work. */
  private readonly stores = new SharedProbe(() => this.askStores());

  constructor(
    private readonly database: DatabaseProbe,
    private readonly queue: JobQueue,
    private readonly workers: Workers,
    private readonly states: ProviderStateRepository,
    private readonly further: HealthItems,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @AllowAccess('open')
  @ApiOperation({ summary: 'The process is up, and means to stay: 200, or 503 once it begins to stop' })
  live(@Res({ passthrough: true }) reply: FastifyReply): HealthItem {
    const item = this.process();
    void reply.code(item.status === 'up' ? 200 : 503);
    return item;
  }

  @Get('ready')
  @AllowAccess('open')
  @ApiOperation({ summary: 'The process can do its work: 200, or 503 with what is missing' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { postgres, queue, providers } = await this.stores.get();
    const items = {
      process: this.process(),
      postgres,
      queue,
      workers: this.workers.health(),
      ...this.further.all(),
      providers,
    };
    const status = Object.values(items).every((item) => item.status === 'up') ? 'up' : 'down';
    void reply.code(status === 'up' ? 200 : 503);
    return { status, items };
  }

  private async askStores(): Promise<Record<'postgres' | 'queue' | 'providers', HealthItem>> {
    const [postgres, queue, held] = await Promise.all([
      probe(() => this.database.ping()),
      probe(() => this.queue.ping(PROBE_MS)),
      within(PROBE_MS, this.openBreakers()).catch(() => ''),
    ]);
    // A vendor that fails is told of here, and is no reason to take this process out of service.
    return { postgres, queue, providers: { status: 'up', detail: held || 'all well' } };
  }

  /** A load balancer has to turn away before the door is shut. */
  private process(): HealthItem {
    return this.readiness.isStopping ? { status: 'down', detail: 'stopping' } : { status: 'up' };
  }

  private async openBreakers(): Promise<string> {
    const held = await this.states.held();
    return held
      .map(({ appId, channel, provider, state }) => `${appId}/${channel}/${provider} ${state}`)
      .join(', ');
  }
}

async function probe(check: () => Promise<unknown>): Promise<HealthItem> {
  try {
    await within(PROBE_MS, check());
    return { status: 'up' };
  } catch (error) {
    // Addresses and credentials may stand in the message; the kind of fault is enough here.
    return { status: 'down', detail: codeOf(error) ?? 'unreachable' };
  }
}
