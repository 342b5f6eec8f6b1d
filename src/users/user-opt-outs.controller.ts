import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ChangedDto } from '../channels/sms/opt-out/opt-out.dto.js';
import { OptOutRepository } from '../channels/sms/opt-out/opt-out.repository.js';
import { mask } from '../domain/mask.js';
import { AuditOf, Audited, type AuditDetails } from '../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../platform/http/api-errors.js';
import { AppQueryDto } from '../platform/http/app-query.dto.js';
import { Validated } from '../platform/http/validated.js';
import { userNamedBy } from '../recipients/user.js';
import { LiftUserOptOutDto } from './user-opt-outs.dto.js';
import { UserOverview } from './user-overview.js';

const BODY = new Validated(LiftUserOptOutDto, 'OPT_OUT.INVALID_BODY');
const APP = new Validated(AppQueryDto, 'REQUEST.INVALID_QUERY');

/** Opt-outs of a user's numbers, which the caller need not know in full. */
@ApiTags('users')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/users/:uid/opt-outs')
export class UserOptOutsController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly overview: UserOverview,
    private readonly optOuts: OptOutRepository,
  ) {}

  @Post('lift')
  @HttpCode(200)
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @Audited('opt_out.lift', { detail: ['reason'] })
  @ApiErrors(
    ...BODY_ERRORS,
    'OPT_OUT.INVALID_BODY',
    'REQUEST.INVALID_QUERY',
    'REQUEST.MALFORMED',
    'APP.REQUIRED',
    'APP.UNKNOWN',
    'OPT_OUT.NOT_FOUND',
  )
  @ApiOperation({
    summary: 'Lift an opt-out of a user’s number',
    description: 'Only if the recipient asked for it. The vendor may still refuse the number.',
  })
  @ApiOkResponse({ type: ChangedDto })
  async lift(
    @Param('uid') uid: string,
    @Body(BODY) { phno }: LiftUserOptOutDto,
    @Query(APP) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<ChangedDto> {
    const user = userNamedBy(caller, uid, this.config.apps, appId);
    const number = theNumberOf(phno, await this.overview.numbers(user));
    Object.assign(audit, { appId: user.app.appId, target: mask(number) });
    const source = caller.kind === 'operator' ? 'operator' : 'backend';
    const change = { optedOut: false, source, provider: null } as const;
    return { changed: await this.optOuts.record(user.app.appId, number, change) };
  }
}

/**
 * @param shown masked or in full.
 * @param numbers those of the user.
 * @throws GatewayError `OPT_OUT.NOT_FOUND`; `OPT_OUT.INVALID_BODY` if several look the same masked.
 */
function theNumberOf(shown: string, numbers: readonly string[]): string {
  const [number, ...others] = numbers.filter((one) => one === shown || mask(one) === shown);
  if (number === undefined) throw new GatewayError('OPT_OUT.NOT_FOUND');
  if (others.length === 0) return number;
  const problem = 'stands for several numbers of the user; write it in full';
  throw new GatewayError('OPT_OUT.INVALID_BODY', { errors: [{ path: 'phno', problem }] });
}
