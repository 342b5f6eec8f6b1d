import { Controller, Get, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { appOfQuery } from '../../platform/auth/app-of-query.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { ApiErrors } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { StatusBoard } from './status-board.js';
import { StatusDto, StatusQueryDto, toStatusProblemDto } from './status.dto.js';

/** The current problems. */
@ApiTags('operations')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/status')
export class StatusController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly board: StatusBoard,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({
    summary: 'What is wrong now',
    description:
      'As the process that answers sees it; accounts and queues are the same for all processes. The topic `status` of `GET /v1/events` sends the same when it changes.',
  })
  @ApiOkResponse({ type: StatusDto })
  async read(
    @Query(new Validated(StatusQueryDto, 'REQUEST.INVALID_QUERY')) { appId }: StatusQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<StatusDto> {
    const app = appOfQuery(this.config, caller, appId);
    const problems = await this.board.problems(app?.appId);
    return { problems: problems.map(toStatusProblemDto) };
  }
}
