import { Controller, Get } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AllowAccess } from '../platform/auth/access.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { JobQueue } from '../queue/job-queue.js';
import type { QueueLoad } from '../queue/queue-load.js';
import { ScalingDto } from './scaling.dto.js';

/** How long an answer serves all callers. */
const VALID_MS = 1_000;

/** The load, for autoscalers. */
@ApiTags('operations')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/scaling')
export class ScalingController {
  private loads: Promise<QueueLoad[]> | undefined;

  constructor(private readonly queue: JobQueue) {}

  @Get()
  @AllowAccess('backend-or-operator', { scope: 'read' })
  @AtOnce(8)
  @ApiErrors('SERVICE.UNAVAILABLE')
  @ApiOperation({
    summary: 'Load of every queue, for autoscalers',
    description: 'Over all apps and shards, at most a second old.',
  })
  @ApiOkResponse({ type: ScalingDto })
  async read(): Promise<ScalingDto> {
    return { queues: await (this.loads ??= this.ask()) };
  }

  private ask(): Promise<QueueLoad[]> {
    const loads = this.queue.loads();
    const forget = (): void => {
      if (this.loads === loads) this.loads = undefined;
    };
    loads.then(() => setTimeout(forget, VALID_MS).unref(), forget);
    return loads;
  }
}
