import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiCreatedResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { ReplayRecord } from '../../deliveries/replays/replay-records.js';
import { ReplayRepository } from '../../deliveries/replays/replay.repository.js';
import { AuditOf, Audited, type AuditDetails } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { callersApp, callersName } from '../caller.js';
import { readReplayFilter } from './replay-filter.js';
import { ReplayPreview } from './replay-preview.js';
import { toPreviewDto, toReplayDetails, toReplayDto } from './replay-view.js';
import {
  ReplayChangeDto,
  ReplayDetailsDto,
  ReplayDto,
  ReplayPageDto,
  ReplayPreviewDto,
  ReplayQueryDto,
  ReplayRequestDto,
} from './replay.dto.js';
import { Replays } from './replays.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DEFAULT_PER_SECOND = 20;

/** Replays. A backend repeats notifications of its app, the operator those of any app. */
@ApiTags('replays')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/replays')
export class ReplaysController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly replays: Replays,
    private readonly repository: ReplayRepository,
    private readonly preview: ReplayPreview,
  ) {}

  @Post()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @Audited('replay.create')
  @ApiErrors(...BODY_ERRORS, 'REQUEST.INVALID_BODY', 'APP.REQUIRED', 'APP.UNKNOWN', 'REPLAY.TOO_MANY')
  @ApiOperation({
    summary: 'Send failed notifications again',
    description:
      'Each notification with a delivery that the filter matches is sent again as a new one (`source`: `replay`), to the ' +
      'devices that it did not reach, within what is left of its lifetime. `dryRun` counts them, for 10 s at most.',
  })
  @ApiExtraModels(ReplayPreviewDto)
  @ApiBody({ type: ReplayRequestDto })
  @ApiCreatedResponse({ type: ReplayDto, description: 'The replay runs.' })
  @ApiOkResponse({ type: ReplayPreviewDto, description: 'With `dryRun`: what it would do.' })
  async create(
    @Body(new Validated(ReplayRequestDto, 'REQUEST.INVALID_BODY')) body: ReplayRequestDto,
    @CalledBy() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
    @AuditOf() audit: AuditDetails,
  ): Promise<ReplayDto | ReplayPreviewDto> {
    const { appId } = callersApp(caller, body.filter.appId ?? undefined, this.config.apps);
    const filter = readReplayFilter(body.filter, appId);
    if (body.dryRun) {
      audit.isSkipped = true;
      const preview = await this.preview.of(filter);
      void reply.status(200);
      return toPreviewDto(preview);
    }
    const perSecond = body.perSecond ?? DEFAULT_PER_SECOND;
    const replay = await this.replays.create({ filter, perSecond, createdBy: callersName(caller) });
    Object.assign(audit, { appId, target: replay.id });
    return toReplayDto(replay);
  }

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({ summary: 'Replays, newest first' })
  @ApiOkResponse({ type: ReplayPageDto })
  async list(
    @Query(new Validated(ReplayQueryDto, 'REQUEST.INVALID_QUERY')) query: ReplayQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<ReplayPageDto> {
    const { cursor, limit, appId: named } = query;
    const isAll = caller.kind === 'operator' && named === undefined;
    const appId = isAll ? undefined : callersApp(caller, named, this.config.apps).appId;
    const records = await this.repository.list(appId, fromCursor(cursor), limit + 1);
    const page = records.slice(0, limit);
    const last = page.at(-1);
    const hasMore = records.length > limit && last !== undefined;
    return { data: page.map(toReplayDto), nextCursor: hasMore ? toCursor(last.id) : null };
  }

  @Get(':replayId')
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors('REPLAY.NOT_FOUND')
  @ApiOperation({ summary: 'One replay with its progress and results' })
  @ApiOkResponse({ type: ReplayDetailsDto })
  async find(@Param('replayId') id: string, @CalledBy() caller: Caller): Promise<ReplayDetailsDto> {
    const replay = await this.replayOf(caller, id);
    return toReplayDetails(replay, await this.repository.results(replay.id));
  }

  @Patch(':replayId')
  @HttpCode(200)
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @Audited('replay.change', { detail: ['state'] })
  @ApiErrors(...BODY_ERRORS, 'REQUEST.INVALID_BODY', 'REPLAY.NOT_FOUND', 'REPLAY.ENDED')
  @ApiOperation({
    summary: 'Pause, resume or cancel a replay',
    description: 'Notifications of the current second may still be sent. Sent ones cannot be recalled.',
  })
  @ApiBody({ type: ReplayChangeDto })
  @ApiOkResponse({ type: ReplayDto })
  async change(
    @Param('replayId') id: string,
    @Body(new Validated(ReplayChangeDto, 'REQUEST.INVALID_BODY')) { state }: ReplayChangeDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<ReplayDto> {
    const replay = await this.replayOf(caller, id);
    audit.appId = replay.filter.appId;
    return toReplayDto(await this.replays.change(replay, state, callersName(caller)));
  }

  private replayOf(caller: Caller, given: string): Promise<ReplayRecord> {
    const id = given.toLowerCase();
    if (!UUID.test(id)) throw new GatewayError('REPLAY.NOT_FOUND');
    return this.replays.find(id, caller.kind === 'backend' ? caller.app.appId : undefined);
  }
}

const toCursor = (id: string): string => Buffer.from(id).toString('base64url');

function fromCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (UUID.test(id)) return id;
  throw new GatewayError('REQUEST.INVALID_QUERY', {
    errors: [{ path: 'cursor', problem: 'is not a cursor' }],
  });
}
