import { Body, Controller, Delete, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { Validated } from '../../platform/http/validated.js';
import { Deleted } from '../deleted.dto.js';
import { clientOf } from '../person.js';
import { DeviceRegistry } from './device-registry.js';
import { readSelection } from './device-selection.js';
import { DeviceList, DeviceView, deviceView } from './device.dto.js';
import { REGISTER_RULES, RegistrationBody, UnregisterQuery } from './registration.dto.js';
import { readRegistration } from './registration.js';

/** A client's own devices. */
@ApiTags('Devices of the caller')
@ApiBearerAuth()
@Controller('v1/me/devices')
export class MyDevicesController {
  constructor(private readonly registry: DeviceRegistry) {}

  @Post()
  @AllowAccess('client')
  @ApiOperation({ summary: 'Register or refresh a push token', description: REGISTER_RULES })
  @ApiCreatedResponse({ type: DeviceView, description: 'Registered.' })
  @ApiOkResponse({ type: DeviceView, description: 'Known already; refreshed.' })
  async register(
    @CalledBy() caller: Caller,
    @Body(new Validated(RegistrationBody, 'DEVICE.INVALID_BODY')) body: RegistrationBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceView> {
    const client = clientOf(caller);
    const registration = readRegistration(body, client.app, client.sessionId);
    const { device, isNew } = await this.registry.register(client, registration);
    void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return deviceView(device, client.app);
  }

  @Get()
  @AllowAccess('client')
  @ApiOperation({ summary: 'List all of your devices' })
  @ApiOkResponse({ type: DeviceList })
  async list(@CalledBy() caller: Caller): Promise<DeviceList> {
    const client = clientOf(caller);
    const devices = await this.registry.list(client);
    return { data: devices.map((device) => deviceView(device, client.app)) };
  }

  @Delete()
  @AllowAccess('client')
  @ApiOperation({ summary: 'Unregister this session’s tokens, one token, or all' })
  @ApiOkResponse({ type: Deleted })
  async unregister(
    @CalledBy() caller: Caller,
    @Query(new Validated(UnregisterQuery, 'REQUEST.INVALID_QUERY')) query: UnregisterQuery,
  ): Promise<Deleted> {
    const client = clientOf(caller);
    const { all, pushToken } = query;
    return {
      deleted: await this.registry.remove(client, readSelection({ all, pushToken }, client.sessionId)),
    };
  }

  @Delete(':deviceId')
  @AllowAccess('client')
  @ApiOperation({ summary: 'Unregister one device' })
  @ApiOkResponse({ type: Deleted })
  async unregisterOne(@CalledBy() caller: Caller, @Param('deviceId') deviceId: string): Promise<Deleted> {
    return { deleted: await this.registry.remove(clientOf(caller), { by: 'id', deviceId }) };
  }
}
