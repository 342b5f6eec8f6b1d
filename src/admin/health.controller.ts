import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ProviderCheckRepository } from '../deliveries/provider-check.repository.js';
import { ProviderStateRepository, type ProviderAccount } from '../deliveries/provider-state.repository.js';
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

/** Health of this process. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  /** Shared by concurrent callers, so that an open route cannot exhaust the connections. */
  private readonly stores = new SharedProbe(() => this.askStores());

  constructor(
    private readonly database: DatabaseProbe,
    private readonly queue: JobQueue,
    private readonly workers: Workers,
    private readonly states: ProviderStateRepository,
    private readonly checks: ProviderCheckRepository,
    private readonly further: HealthItems,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @AllowAccess('open')
  @ApiOperation({ summary: 'The process is up: 200, or 503 once it is stopping' })
  live(@Res({ passthrough: true }) reply: FastifyReply): HealthItem {
    const item = this.process();
    void reply.code(item.status === 'up' ? 200 : 503);
    return item;
  }

  @Get('ready')
  @AllowAccess('open')
  @ApiOperation({ summary: 'The process can work: 200, or 503 with the items that are down' })
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
    const [postgres, queue, open] = await Promise.all([
      probe(() => this.database.ping()),
      probe(() => this.queue.ping(PROBE_MS)),
      within(PROBE_MS, this.accountsAtFault()).catch(() => ''),
    ]);
    // Open circuit breakers and failed checks are listed but do not take the process out of service.
    return { postgres, queue, providers: { status: 'up', detail: open || 'all well' } };
  }

  /** Down while stopping, so that load balancers stop routing before the process closes. */
  private process(): HealthItem {
    return this.readiness.isStopping ? { status: 'down', detail: 'stopping' } : { status: 'up' };
  }

  private async accountsAtFault(): Promise<string> {
    const [open, checks] = await Promise.all([this.states.held(), this.checks.all()]);
    const breakers = open.map((account) => `${nameOf(account)} ${account.state}`);
    const failed = checks
      .filter(({ outcome }) => outcome === 'failed')
      .map((check) => `${nameOf(check)} (${check.type}) check failed: ${check.code ?? 'no code'}`);
    return [...breakers, ...failed].join(', ');
  }
}

async function probe(check: () => Promise<unknown>): Promise<HealthItem> {
  try {
    await within(PROBE_MS, check());
    return { status: 'up' };
  } catch (error) {
    // The message may contain addresses and credentials; the code does not.
    return { status: 'down', detail: codeOf(error) ?? 'unreachable' };
  }
}

const nameOf = ({ appId, channel, provider }: ProviderAccount): string => `${appId}/${channel}/${provider}`;
