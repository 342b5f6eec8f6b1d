import { Body, Controller, Delete, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { DeletedDto } from '../deleted.dto.js';
import { clientOf } from '../user.js';
import { DeviceRepository } from './device.repository.js';
import { readSelection } from './device-selection.js';
import { DeviceDto, DeviceListDto, DeviceListQueryDto, toDeviceDto } from './device.dto.js';
import { listDevices } from './list-devices.js';
import { REGISTER_RULES, RegistrationDto, UnregisterQueryDto } from './registration.dto.js';
import { readRegistration } from './registration.js';

/** A client's own devices. */
@ApiTags('devices')
@ApiBearerAuth('client')
@ApiSecurity('authToken')
@Controller('v1/me/devices')
export class MyDevicesController {
  constructor(private readonly devices: DeviceRepository) {}

  @Post()
  @AllowAccess('client')
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
    @Body(new Validated(RegistrationDto, 'DEVICE.INVALID_BODY')) body: RegistrationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceDto> {
    const client = clientOf(caller);
    const registration = readRegistration(body, client.app, client.sessionId);
    const { device, isNew } = await this.devices.register(client, registration);
    void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return toDeviceDto(device, client.app);
  }

  @Get()
  @AllowAccess('client')
  @ApiErrors('REQUEST.INVALID_QUERY')
  @ApiOperation({ summary: 'List all of your devices' })
  @ApiOkResponse({ type: DeviceListDto })
  async list(
    @CalledBy() caller: Caller,
    @Query(new Validated(DeviceListQueryDto, 'REQUEST.INVALID_QUERY')) query: DeviceListQueryDto,
  ): Promise<DeviceListDto> {
    const client = clientOf(caller);
    return listDevices(this.devices, client, query);
  }

  @Delete()
  @AllowAccess('client')
  @ApiErrors('REQUEST.INVALID_QUERY', 'DEVICE.NOT_FOUND')
  @ApiOperation({ summary: 'Unregister this session’s tokens, one token, or all' })
  @ApiOkResponse({ type: DeletedDto })
  async unregister(
    @CalledBy() caller: Caller,
    @Query(new Validated(UnregisterQueryDto, 'REQUEST.INVALID_QUERY')) query: UnregisterQueryDto,
  ): Promise<DeletedDto> {
    const client = clientOf(caller);
    const { all, pushToken } = query;
    return {
      deleted: await this.devices.remove(client, readSelection({ all, pushToken }, client.sessionId)),
    };
  }

  @Delete(':deviceId')
  @AllowAccess('client')
  @ApiErrors('DEVICE.NOT_FOUND')
  @ApiOperation({ summary: 'Unregister one device' })
  @ApiOkResponse({ type: DeletedDto })
  async unregisterOne(@CalledBy() caller: Caller, @Param('deviceId') deviceId: string): Promise<DeletedDto> {
    return { deleted: await this.devices.remove(clientOf(caller), { by: 'id', deviceId }) };
  }
}
