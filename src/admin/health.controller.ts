import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ProviderStates } from '../deliveries/provider-states.js';
import { AllowAccess } from '../platform/auth/access.js';
import { DatabaseProbe } from '../platform/health/database-probe.js';
import { HealthItems, type HealthItem } from '../platform/health/health-items.js';
import { Readiness } from '../platform/health/readiness.js';
import { JobQueue } from '../queue/job-queue.js';
import { Workers } from '../queue/workers.js';
import { codeOf } from '../platform/errors/code-of.js';

const PROBE_MS = 1_500;

/** For the machines that watch this process. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: DatabaseProbe,
    private readonly queue: JobQueue,
    private readonly workers: Workers,
    private readonly states: ProviderStates,
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
    const [postgres, queue, providers] = await Promise.all([
      probe(() => this.database.ping()),
      probe(() => this.queue.ping(PROBE_MS)),
      this.heldProviders(),
    ]);
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

  /** A load balancer has to turn away before the door is shut. */
  private process(): HealthItem {
    return this.readiness.isStopping ? { status: 'down', detail: 'stopping' } : { status: 'up' };
  }

  /** A vendor that fails is told of here, and is no reason to take this process out of service. */
  private async heldProviders(): Promise<HealthItem> {
    const held = await this.states.held().catch(() => []);
    const detail = held
      .map(({ appId, channel, provider, state }) => `${appId}/${channel}/${provider} ${state}`)
      .join(', ');
    return { status: 'up', detail: detail || 'all well' };
  }
}

async function probe(check: () => Promise<unknown>): Promise<HealthItem> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PROBE_MS} ms`)), PROBE_MS);
  });
  try {
    await Promise.race([check(), late]);
    return { status: 'up' };
  } catch (error) {
    // Addresses and credentials may stand in the message; the kind of fault is enough here.
    return { status: 'down', detail: codeOf(error) ?? 'unreachable' };
  } finally {
    clearTimeout(timer);
  }
}
