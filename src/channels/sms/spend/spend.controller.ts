import { Controller, Get, Query, Req, StreamableFile } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiSecurity,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { TallyWriter } from '../../../deliveries/tallies/tally-writer.js';
import { AllowAccess, CalledBy, type Caller } from '../../../platform/auth/access.js';
import { appOfQuery } from '../../../platform/auth/app-of-query.js';
import { AtOnce } from '../../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import { GatewayError } from '../../../platform/errors/gateway-error.js';
import { ApiErrors } from '../../../platform/http/api-errors.js';
import { toMoment } from '../../../platform/http/moment.decorator.js';
import { Validated } from '../../../platform/http/validated.js';
import { toCsv } from './spend-days.js';
import { SpendReport, type SpendSpan } from './spend-report.js';
import { SpendDto, SpendQueryDto } from './spend.dto.js';

const MS_PER_DAY = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;
/** A request includes what its own process counted up to this many ms ago. */
const FRESH_MS = 1_000;

/** Segments and cost of SMS. A backend sees those of its app, the operator all. */
@ApiTags('operations')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@ApiExtraModels(SpendDto)
@Controller('v1/spend')
export class SpendController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly report: SpendReport,
    private readonly writer: TallyWriter,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({
    summary: 'What SMS cost: by day, against limits, and by user',
    description: 'Costs are by the prices in `sms.guard`, not by the vendor’s bill.',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(SpendDto) } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  async read(
    @Query(new Validated(SpendQueryDto, 'REQUEST.INVALID_QUERY')) query: SpendQueryDto,
    @CalledBy() caller: Caller,
    @Req() { headers }: FastifyRequest,
  ): Promise<SpendDto | StreamableFile> {
    const span = spanOf(query);
    const app = appOfQuery(this.config, caller, query.appId);
    await this.writer.writeAfter(FRESH_MS);
    if (!isCsvAsked(query, headers.accept)) return this.report.of(this.config.apps, app, span);
    const table = toCsv(await this.report.days(app?.appId, span));
    return new StreamableFile(Buffer.from(table), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="sms-spend.csv"',
    });
  }
}

const isCsvAsked = ({ format }: SpendQueryDto, accept = ''): boolean =>
  format === undefined ? /^\s*text\/csv\b/.test(accept) : format === 'csv';

/** @throws GatewayError `REQUEST.INVALID_QUERY` */
function spanOf({ from, to }: SpendQueryDto, now = new Date()): SpendSpan {
  const end = (to === undefined ? undefined : toMoment(to)) ?? now;
  const start =
    (from === undefined ? undefined : toMoment(from)) ??
    new Date(Math.max(0, end.getTime() - DEFAULT_DAYS * MS_PER_DAY));
  const fromDay = Math.floor(start.getTime() / MS_PER_DAY);
  const toDay = Math.floor(end.getTime() / MS_PER_DAY) + 1;
  if (start >= end) throw invalid('must be later than from');
  if (toDay - fromDay > MAX_DAYS) throw invalid(`must be at most ${MAX_DAYS} days after from`);
  return { from: new Date(fromDay * MS_PER_DAY), to: new Date(toDay * MS_PER_DAY) };
}

const invalid = (problem: string): GatewayError =>
  new GatewayError('REQUEST.INVALID_QUERY', { errors: [{ path: 'to', problem }] });
