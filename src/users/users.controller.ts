import { Readable } from 'node:stream';
import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Query,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import { AuditOf, Audited, type AuditDetails } from '../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { isViewer } from '../platform/auth/is-viewer.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { AppQueryDto } from '../platform/http/app-query.dto.js';
import { Validated } from '../platform/http/validated.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { nameOf, userNamedBy, type User } from '../recipients/user.js';
import { PlanPreviewDto, PlanPreviewQueryDto } from './plan-preview.dto.js';
import { PlanPreview } from './plan-preview.js';
import { UserDto } from './user.dto.js';
import { UserErasure } from './user-erasure.js';
import { UserExport } from './user-export.js';
import { UserOverview } from './user-overview.js';

const APP = new Validated(AppQueryDto, 'REQUEST.INVALID_QUERY');
const ERRORS = ['REQUEST.INVALID_QUERY', 'REQUEST.MALFORMED', 'APP.REQUIRED', 'APP.UNKNOWN'] as const;

/** Everything about one user. A backend sees those of its app, the operator those of any app. */
@ApiTags('users')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/users/:uid')
export class UsersController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly overview: UserOverview,
    private readonly preview: PlanPreview,
    private readonly exports: UserExport,
    private readonly erasure: UserErasure,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors(...ERRORS)
  @ApiOperation({
    summary: 'A user’s devices, contact, opt-outs and last notifications',
    description: 'Tokens and numbers are masked. An unknown user has none of them.',
  })
  @ApiOkResponse({ type: UserDto })
  show(
    @Param('uid') uid: string,
    @Query(APP) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<UserDto> {
    return this.overview.of(this.userOf(caller, uid, appId));
  }

  @Get('plan')
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors(...ERRORS)
  @ApiOperation({
    summary: 'What the user would get now',
    description:
      'Plans a sample chat message, call or SMS by the current devices, contact and rules. Nothing is recorded or sent. Bursts and the limits of `sms.guard` are not considered.',
  })
  @ApiOkResponse({ type: PlanPreviewDto })
  plan(
    @Param('uid') uid: string,
    @Query(new Validated(PlanPreviewQueryDto, 'REQUEST.INVALID_QUERY')) query: PlanPreviewQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<PlanPreviewDto> {
    return this.preview.of(this.userOf(caller, uid, query.appId), query.kind);
  }

  @Get('export')
  @AllowAccess('backend-or-operator', { scope: 'admin' })
  @AtOnce(8)
  @Audited('user.export')
  @ApiErrors(...ERRORS, 'AUTH.READ_ONLY')
  @Header('content-disposition', 'attachment; filename="user.json"')
  @ApiOperation({
    summary: 'Export everything about the user',
    description: 'One JSON document with contents, tokens and numbers in full, and the jobs that still wait.',
  })
  @ApiProduces('application/json')
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  export(
    @Param('uid') uid: string,
    @Query(APP) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
  ): StreamableFile {
    if (isViewer(caller)) throw new GatewayError('AUTH.READ_ONLY');
    const user = this.userOf(caller, uid, appId);
    this.logger.info({ appId: user.app.appId, by: nameOf(caller) }, 'user.exported');
    const document = Readable.from(this.exports.document(user), { objectMode: false });
    return new StreamableFile(document, { type: 'application/json' });
  }

  @Delete()
  @HttpCode(204)
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @Audited('user.erase')
  @ApiErrors(...ERRORS, 'USER.NOT_ERASED', 'SERVICE.UNAVAILABLE')
  @ApiOperation({
    summary: 'Erase the user',
    description:
      'Deletes devices, contact, read receipts, notifications with contents and addresses, and waiting jobs. Whatever was received before never brings the user back; a later registration or webhook belongs to a new user. An opt-out of a number still holds and is kept as a keyed hash. Repeat the request until it answers 204; an erased user answers 204 again.',
  })
  @ApiNoContentResponse({ description: 'Erased.' })
  async erase(
    @Param('uid') uid: string,
    @Query(APP) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<void> {
    // The audit log keeps that a user was erased, not which one.
    audit.uid = null;
    await this.erasure.erase(this.userOf(caller, uid, appId), nameOf(caller));
  }

  private userOf(caller: Caller, uid: string, appId: string | undefined): User {
    return userNamedBy(caller, uid, this.config.apps, appId);
  }
}
