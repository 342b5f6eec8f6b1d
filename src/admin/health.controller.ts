import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AllowAccess } from '../platform/auth/access.js';
import { DatabaseProbe } from '../platform/health/database-probe.js';
import { JobQueue } from '../queue/job-queue.js';
import { Workers } from '../queue/workers.js';
import { codeOf } from '../platform/errors/code-of.js';

type Item = { readonly status: 'up' | 'down'; readonly detail?: string };

const PROBE_MS = 1_500;

/** For the machines that watch this process. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: DatabaseProbe,
    private readonly queue: JobQueue,
    private readonly workers: Workers,
  ) {}

  @Get('live')
  @AllowAccess('open')
  @ApiOperation({ summary: 'The process is up' })
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('ready')
  @AllowAccess('open')
  @ApiOperation({ summary: 'The process can do its work: 200, or 503 with what is missing' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const [postgres, queue] = await Promise.all([
      probe(() => this.database.ping()),
      probe(() => this.queue.ping(PROBE_MS)),
    ]);
    const items = { postgres, queue, workers: this.workers.health() };
    const status = Object.values(items).every((item) => item.status === 'up') ? 'up' : 'down';
    void reply.code(status === 'up' ? 200 : 503);
    return { status, items };
  }
}

async function probe(check: () => Promise<unknown>): Promise<Item> {
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
