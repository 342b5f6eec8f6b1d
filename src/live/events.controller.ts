import type { Readable } from 'node:stream';
import { Controller, Get, Header, Query, Req } from '@nestjs/common';
import { ApiBasicAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { appOfQuery } from '../platform/auth/app-of-query.js';
import { AllowAccess } from '../platform/auth/access.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { headerOf } from '../platform/auth/header.js';
import { isViewer } from '../platform/auth/is-viewer.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { Validated } from '../platform/http/validated.js';
import { EventStreams } from './event-streams.js';
import { EventsQueryDto } from './events.dto.js';
import { placeIn } from './sse-text.js';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Server-sent events. A backend sees those of its app, the operator all. */
@ApiTags('operations')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(100)
  @Header('Content-Type', EVENT_STREAM)
  // For nginx, which would keep events back.
  @Header('X-Accel-Buffering', 'no')
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN', 'EVENTS.TOO_MANY')
  @ApiOperation({
    summary: 'Follow what happens, as server-sent events',
    description: [
      '- `notification`: a row of `GET /v1/notifications`, when it is new and whenever its status or `settledAt` has changed',
      '- `sandbox`: a row of `/sandbox/messages`; without address and content for a backend or a viewer',
      '- `status`: the answer of `GET /v1/status`, at once and when it has changed',
      '- `gap`: `{"topic"}`; more happened than the stream can give, so load this topic again',
      '',
      'The stream ends when the process stops, and after 15 minutes; connect again with the last `id` as `Last-Event-ID`. Within five minutes nothing is lost, and some events come twice: the row counts. A client that reads too slowly is disconnected.',
    ].join('\n'),
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The last `id` of an earlier stream.' })
  @ApiOkResponse({ description: 'Events', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  follow(
    @Query(new Validated(EventsQueryDto, 'REQUEST.INVALID_QUERY')) { topics, appId }: EventsQueryDto,
    @Req() request: FastifyRequest,
  ): Readable | '' {
    const { caller } = request;
    const app = appOfQuery(this.config, caller, appId);
    if (request.method === 'HEAD') return '';
    const reader = isViewer(caller) ? 'viewer' : caller.kind === 'backend' ? 'backend' : 'operator';
    const since = placeIn(headerOf(request, 'last-event-id'));
    return this.streams.follow({ topics, audience: { appId: app?.appId, reader }, since });
  }
}
