import { Body, Controller, Delete, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Audited } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { DeletedDto } from '../deleted.dto.js';
import { userOf } from '../user.js';
import { DeviceRepository } from './device.repository.js';
import { readSelection } from './device-selection.js';
import { DeviceDto, DeviceListDto, DeviceListQueryDto, toDeviceDto } from './device.dto.js';
import { listDevices } from './list-devices.js';
import { BackendRegistrationDto, BackendUnregisterQueryDto, REGISTER_RULES } from './registration.dto.js';
import { readRegistration } from './registration.js';
import { sessionNamedBy } from './named-session.js';

/** Devices of any user, for the app's backend. */
@ApiTags('devices')
@ApiSecurity('apikey')
@Controller('v1/users/:uid/devices')
export class UserDevicesController {
  constructor(private readonly devices: DeviceRepository) {}

  @Post()
  @AllowAccess('backend', { scope: 'devices' })
  @ApiErrors(
    ...BODY_ERRORS,
    'DEVICE.INVALID_BODY',
    'DEVICE.UNKNOWN_PROVIDER',
    'USER.ERASED',
    'SERVICE.UNAVAILABLE',
  )
  @ApiOperation({ summary: 'Register or refresh a push token', description: REGISTER_RULES })
  @ApiCreatedResponse({ type: DeviceDto, description: 'Registered.' })
  @ApiOkResponse({ type: DeviceDto, description: 'Already known; refreshed.' })
  async register(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Body(new Validated(BackendRegistrationDto, 'DEVICE.INVALID_BODY')) body: BackendRegistrationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceDto> {
    const user = userOf(caller, uid);
    const registration = readRegistration(body, user.app, sessionNamedBy(body, 'DEVICE.INVALID_BODY'));
    const { device, isNew } = await this.devices.register(user, registration);
    void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return toDeviceDto(device, user.app);
  }

  @Get()
  @AllowAccess('backend', { scope: ['devices', 'read'] })
  @ApiErrors('REQUEST.INVALID_QUERY')
  @ApiOperation({ summary: 'List a user’s devices' })
  @ApiOkResponse({ type: DeviceListDto })
  async list(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Query(new Validated(DeviceListQueryDto, 'REQUEST.INVALID_QUERY')) query: DeviceListQueryDto,
  ): Promise<DeviceListDto> {
    const user = userOf(caller, uid);
    return listDevices(this.devices, user, query);
  }

  @Delete()
  @AllowAccess('backend', { scope: 'devices' })
  @Audited('device.unregister')
  @ApiErrors('REQUEST.INVALID_QUERY', 'DEVICE.NOT_FOUND', 'DEVICE.SESSION_REQUIRED')
  @ApiOperation({ summary: 'Unregister a session’s tokens, one token, or all' })
  @ApiOkResponse({ type: DeletedDto })
  async unregister(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Query(new Validated(BackendUnregisterQueryDto, 'REQUEST.INVALID_QUERY'))
    query: BackendUnregisterQueryDto,
  ): Promise<DeletedDto> {
    return { deleted: await this.devices.remove(userOf(caller, uid), readSelection(query)) };
  }

  @Delete(':deviceId')
  @AllowAccess('backend', { scope: 'devices' })
  @Audited('device.unregister')
  @ApiErrors('DEVICE.NOT_FOUND')
  @ApiOperation({ summary: 'Unregister one device' })
  @ApiOkResponse({ type: DeletedDto })
  async unregisterOne(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Param('deviceId') deviceId: string,
  ): Promise<DeletedDto> {
    return { deleted: await this.devices.remove(userOf(caller, uid), { by: 'id', deviceId }) };
  }
}
