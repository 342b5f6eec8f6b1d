import { Controller, Get, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AuditRepository } from '../platform/audit/audit.repository.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { appOfQuery } from '../platform/auth/app-of-query.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { toMoment } from '../platform/http/moment.decorator.js';
import { Validated } from '../platform/http/validated.js';
import { AuditPageDto, AuditQueryDto } from './audit.dto.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The audit log. A backend sees the actions that concern its app, the operator all. */
@ApiTags('operators')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly audit: AuditRepository,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator', { scope: 'admin' })
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({ summary: 'Actions of operators and backends, newest first' })
  @ApiOkResponse({ type: AuditPageDto })
  async list(
    @Query(new Validated(AuditQueryDto, 'REQUEST.INVALID_QUERY')) query: AuditQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<AuditPageDto> {
    const { actor, action, limit } = query;
    const records = await this.audit.list(
      {
        appId: appOfQuery(this.config, caller, query.appId)?.appId,
        actor,
        action,
        before: fromCursor(query.cursor),
        from: query.from === undefined ? undefined : toMoment(query.from),
        to: query.to === undefined ? undefined : toMoment(query.to),
      },
      limit + 1,
    );
    const page = records.slice(0, limit);
    const last = page.at(-1);
    return { data: page, nextCursor: records.length > limit && last ? toCursor(last.id) : null };
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
