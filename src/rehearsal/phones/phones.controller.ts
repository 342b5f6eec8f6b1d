import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { mask } from '../../domain/mask.js';
import { AuditOf, Audited, type AuditDetails } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { chooseApp } from '../../platform/auth/backend.authenticator.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { isViewer } from '../../platform/auth/is-viewer.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { AppQueryDto } from '../../platform/http/app-query.dto.js';
import { Validated } from '../../platform/http/validated.js';
import { uidOf } from '../../recipients/user.js';
import { AddPhoneDto, PhoneListDto, type PhoneDto } from './phone.dto.js';
import { SandboxPhones } from './sandbox-phones.js';

/** Phones that exist only in the sandbox. */
@ApiTags('sandbox')
@ApiBasicAuth('operator')
@Controller('sandbox/phones')
export class PhonesController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly phones: SandboxPhones,
  ) {}

  @Get()
  @AllowAccess('operator-or-demo')
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({
    summary: 'List the devices and numbers that sandboxes serve',
    description: 'Of each app, the first 2,000 devices and numbers by uid are considered.',
  })
  @ApiOkResponse({ type: PhoneListDto })
  async list(
    @Query(new Validated(AppQueryDto, 'REQUEST.INVALID_QUERY')) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<PhoneListDto> {
    const apps = appId === undefined ? this.config.apps : [chooseApp(this.config.apps, appId)];
    const phones = (await Promise.all(apps.map((app) => this.phones.list(app)))).flat();
    return { data: isViewer(caller) ? phones.map(masked) : phones };
  }

  @Post()
  @HttpCode(201)
  @AllowAccess('operator-or-demo')
  @AtOnce(8)
  @Audited('sandbox.add_phone', { detail: ['platform'] })
  @ApiErrors(
    ...BODY_ERRORS,
    'REQUEST.INVALID_BODY',
    'APP.REQUIRED',
    'APP.UNKNOWN',
    'SANDBOX.REAL_VENDOR',
    'USER.ERASED',
  )
  @ApiOperation({
    summary: 'Add a phone with made-up addresses to a user',
    description: 'Only for an app whose providers of the channel are all sandboxes.',
  })
  @ApiCreatedResponse({ type: PhoneListDto, description: 'The addresses of the phone.' })
  async add(
    @Body(new Validated(AddPhoneDto, 'REQUEST.INVALID_BODY')) body: AddPhoneDto,
    @AuditOf() audit: AuditDetails,
  ): Promise<PhoneListDto> {
    const app = chooseApp(this.config.apps, body.appId ?? undefined);
    const uid = uidOf(body.uid, 'REQUEST.INVALID_BODY');
    Object.assign(audit, { appId: app.appId, uid });
    return { data: await this.phones.add({ app, uid }, body.platform) };
  }
}

/** For viewers. */
function masked({ token, phno, ...phone }: PhoneDto): PhoneDto {
  return {
    ...phone,
    ...(token === undefined ? {} : { token: mask(token) }),
    ...(phno === undefined ? {} : { phno: mask(phno) }),
  };
}
