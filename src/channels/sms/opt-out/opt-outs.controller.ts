import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { mask } from '../../../domain/mask.js';
import { AuditOf, Audited, type AuditDetails } from '../../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../../platform/auth/access.js';
import { chooseApp } from '../../../platform/auth/backend.authenticator.js';
import type { AppSettings } from '../../../platform/config/app-settings.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import { GatewayError } from '../../../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../../../platform/http/api-errors.js';
import { AppQueryDto } from '../../../platform/http/app-query.dto.js';
import { Validated } from '../../../platform/http/validated.js';
import { toE164 } from '../../../platform/phone/phone-number.js';
import {
  ChangedDto,
  OptOutChangeDto,
  OptOutDto,
  OptOutPageDto,
  OptOutQueryDto,
  PhoneNumberDto,
  toOptOutDto,
} from './opt-out.dto.js';
import { OptOutRepository, type OptOutPosition, type OptOutRecord } from './opt-out.repository.js';

const BODY = new Validated(PhoneNumberDto, 'OPT_OUT.INVALID_BODY');
const CHANGE = new Validated(OptOutChangeDto, 'OPT_OUT.INVALID_BODY');
const APP = new Validated(AppQueryDto, 'REQUEST.INVALID_QUERY');
const ERRORS = [
  ...BODY_ERRORS,
  'OPT_OUT.INVALID_BODY',
  'REQUEST.INVALID_QUERY',
  'APP.REQUIRED',
  'APP.UNKNOWN',
] as const;

/** Opt-outs. A backend manages those of its app, the operator those of any app. Changes are not confirmed by SMS. */
@ApiTags('opt-outs')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/opt-outs')
export class OptOutsController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly optOuts: OptOutRepository,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({ summary: 'List opted-out numbers, latest first' })
  @ApiOkResponse({ type: OptOutPageDto })
  async list(
    @Query(new Validated(OptOutQueryDto, 'REQUEST.INVALID_QUERY')) query: OptOutQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<OptOutPageDto> {
    const all = caller.kind === 'operator' && query.appId === undefined;
    const appId = all ? undefined : this.appOf(caller, query.appId).appId;
    const after = fromCursor(query.cursor);
    const records = await this.optOuts.list(appId, after, query.limit + 1);
    const page = records.slice(0, query.limit);
    return {
      data: page.map(toOptOutDto),
      nextCursor: records.length > query.limit ? toCursor(page, after) : null,
    };
  }

  @Post('find')
  @HttpCode(200)
  @AllowAccess('backend-or-operator', { scope: 'read' })
  @ApiErrors(...ERRORS, 'OPT_OUT.NOT_FOUND')
  @ApiOperation({ summary: 'Look up a number' })
  @ApiOkResponse({ type: OptOutDto })
  async find(
    @Body(BODY) body: PhoneNumberDto,
    @Query(APP) query: AppQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<OptOutDto> {
    const app = this.appOf(caller, query.appId);
    const record = await this.optOuts.find(app.appId, phnoOf(body, app));
    if (!record) throw new GatewayError('OPT_OUT.NOT_FOUND');
    return toOptOutDto(record);
  }

  @Post()
  @HttpCode(200)
  @AllowAccess('backend-or-operator')
  @Audited('opt_out.add', { detail: ['reason'] })
  @ApiErrors(...ERRORS)
  @ApiOperation({ summary: 'Opt a number out of SMS' })
  @ApiOkResponse({ type: ChangedDto })
  optOut(
    @Body(CHANGE) body: OptOutChangeDto,
    @Query(APP) query: AppQueryDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<ChangedDto> {
    return this.change(true, body, query, caller, audit);
  }

  @Post('lift')
  @HttpCode(200)
  @AllowAccess('backend-or-operator')
  @Audited('opt_out.lift', { detail: ['reason'] })
  @ApiErrors(...ERRORS)
  @ApiOperation({
    summary: 'Lift an opt-out, so that the number gets SMS again',
    description: 'Only if the recipient asked for it. The vendor may still refuse the number.',
  })
  @ApiOkResponse({ type: ChangedDto })
  lift(
    @Body(CHANGE) body: OptOutChangeDto,
    @Query(APP) query: AppQueryDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<ChangedDto> {
    return this.change(false, body, query, caller, audit);
  }

  private async change(
    optedOut: boolean,
    body: PhoneNumberDto,
    { appId }: AppQueryDto,
    caller: Caller,
    audit: AuditDetails,
  ): Promise<ChangedDto> {
    const app = this.appOf(caller, appId);
    const source = caller.kind === 'operator' ? 'operator' : 'backend';
    const change = { optedOut, source, provider: null } as const;
    const phno = phnoOf(body, app);
    Object.assign(audit, { appId: app.appId, target: mask(phno) });
    return { changed: await this.optOuts.record(app.appId, phno, change) };
  }

  private appOf(caller: Caller, appId: string | undefined): AppSettings {
    if (caller.kind === 'backend') return chooseApp([caller.app], appId);
    return chooseApp(this.config.apps, appId);
  }
}

function phnoOf({ phno }: PhoneNumberDto, app: AppSettings): string {
  const number = toE164(phno, app.sms.defaultCountry);
  if (number !== undefined) return number;
  const problem = 'is not a phone number; write it with + and its country code';
  throw new GatewayError('OPT_OUT.INVALID_BODY', { errors: [{ path: 'phno', problem }] });
}

/** A time and the number of entries of that time already listed. No phone number, because URLs are logged. */
const CURSOR = /^(\d{1,15})\.(\d{1,9})$/;

function toCursor(page: readonly OptOutRecord[], before: OptOutPosition | undefined): string {
  const last = page.at(-1)?.changedAt.getTime() ?? 0;
  const shown = page.filter(({ changedAt }) => changedAt.getTime() === last).length;
  const skipped = before?.changedAt.getTime() === last ? before.skip : 0;
  return Buffer.from(`${last}.${shown + skipped}`).toString('base64url');
}

function fromCursor(cursor: string | undefined): OptOutPosition | undefined {
  if (cursor === undefined) return undefined;
  const [, changedAt, skip] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (changedAt !== undefined) return { changedAt: new Date(Number(changedAt)), skip: Number(skip) };
  throw new GatewayError('REQUEST.INVALID_QUERY', {
    errors: [{ path: 'cursor', problem: 'is not a cursor' }],
  });
}
