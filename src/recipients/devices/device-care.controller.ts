import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { AuditOf, Audited, type AuditDetails } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { AppQueryDto } from '../../platform/http/app-query.dto.js';
import { Validated } from '../../platform/http/validated.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { nameOf, userNamedBy } from '../user.js';
import { DeviceCareDto } from './device-care.dto.js';
import { DeviceDto, RetiredDeviceDto, toDeviceDto, toRetiredDeviceDto } from './device.dto.js';
import { DeviceRepository } from './device.repository.js';
import { pushProviderOf } from './push-provider-of.js';

const BODY = new Validated(DeviceCareDto, 'USER.INVALID_BODY');
const APP = new Validated(AppQueryDto, 'REQUEST.INVALID_QUERY');
const ERRORS = [
  ...BODY_ERRORS,
  'USER.INVALID_BODY',
  'REQUEST.INVALID_QUERY',
  'REQUEST.MALFORMED',
  'DEVICE.NOT_FOUND',
] as const;

/** Takes single devices out of use and back, for the app's backend and the operator. */
@ApiTags('users')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/users/:uid/devices/:deviceId')
export class DeviceCareController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly devices: DeviceRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('retire')
  @HttpCode(200)
  @AllowAccess('backend-or-operator', { scope: ['devices', 'admin'] })
  @AtOnce(8)
  @Audited('device.retire', { detail: ['reason'] })
  @ApiErrors(...ERRORS)
  @ApiOperation({
    summary: 'Retire a device',
    description: 'It receives nothing until it is restored, or its token is registered again.',
  })
  @ApiOkResponse({ type: RetiredDeviceDto })
  async retire(
    @Param('uid') uid: string,
    @Param('deviceId') deviceId: string,
    @Body(BODY) { reason }: DeviceCareDto,
    @Query(APP) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<RetiredDeviceDto> {
    const user = userNamedBy(caller, uid, this.config.apps, appId);
    audit.appId = user.app.appId;
    const by = nameOf(caller);
    const device = await this.devices.retire(user, deviceId, { reason, by });
    this.logger.info({ deviceId: device.id, appId: user.app.appId, by }, 'device.retired_by_hand');
    return toRetiredDeviceDto(device, user.app);
  }

  @Post('restore')
  @HttpCode(200)
  @AllowAccess('backend-or-operator', { scope: ['devices', 'admin'] })
  @AtOnce(8)
  @Audited('device.restore', { detail: ['reason'] })
  @ApiErrors(...ERRORS, 'DEVICE.NOT_RESTORABLE')
  @ApiOperation({
    summary: 'Bring a retired device back into use',
    description:
      'A token that was registered again since, by this or another user, has no retired device: `DEVICE.NOT_FOUND`.',
  })
  @ApiOkResponse({ type: DeviceDto })
  async restore(
    @Param('uid') uid: string,
    @Param('deviceId') deviceId: string,
    @Body(BODY) _reason: DeviceCareDto,
    @Query(APP) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<DeviceDto> {
    const user = userNamedBy(caller, uid, this.config.apps, appId);
    audit.appId = user.app.appId;
    const { app } = user;
    const retired = await this.devices.get(user, deviceId);
    if (!pushProviderOf(app.push.providers, retired)) throw new GatewayError('DEVICE.NOT_RESTORABLE');
    const device = await this.devices.restore(user, deviceId);
    this.logger.info({ deviceId: device.id, appId: app.appId, by: nameOf(caller) }, 'device.restored');
    return toDeviceDto(device, app);
  }
}
