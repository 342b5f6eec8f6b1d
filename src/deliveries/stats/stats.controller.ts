import { Controller, Get, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { appOfQuery } from '../../platform/auth/app-of-query.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { ApiErrors } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { TallyRepository } from '../tallies/tally.repository.js';
import { TallyWriter } from '../tallies/tally-writer.js';
import { toSeries } from './series.js';
import { readStatsRequest } from './stats-request.js';
import { StatsDto, StatsQueryDto } from './stats.dto.js';

/** A request shows the counts of its own process up to this many ms ago. */
const FRESH_MS = 1_000;

/** Statistics over time, without Prometheus. A backend sees the series of its app, the operator all. */
@ApiTags('operations')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/stats')
export class StatsController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly tallies: TallyRepository,
    private readonly writer: TallyWriter,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({
    summary: 'Counts, latency and queue depth over time',
    description:
      'Processes write their counts every ten seconds; 30 days are kept. `webhooks`, `latency` (seconds from accepting a webhook to the vendor accepting its message, by `quantile`) and `queue` (last value of each step) are of all apps, and for operators only. Quantiles are estimated from buckets, by linear interpolation inside a bucket; the largest value is 3600.',
  })
  @ApiOkResponse({ type: StatsDto })
  async read(
    @Query(new Validated(StatsQueryDto, 'REQUEST.INVALID_QUERY')) query: StatsQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<StatsDto> {
    const { steps, measures, by, ...span } = readStatsRequest(query, caller.kind === 'operator');
    const appId = appOfQuery(this.config, caller, query.appId)?.appId;
    await this.writer.writeAfter(FRESH_MS);
    const stored = await this.tallies.read({ measures, ...span, appId });
    const times = Array.from(
      { length: steps },
      (_, step) => new Date(span.from.getTime() + step * span.stepSeconds * 1_000),
    );
    return { ...span, times, series: toSeries(stored, by, steps) };
  }
}
