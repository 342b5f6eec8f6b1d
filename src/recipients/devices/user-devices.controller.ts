import { Body, Controller, Delete, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { Validated } from '../../platform/http/validated.js';
import { Deleted } from '../deleted.dto.js';
import { personOf } from '../person.js';
import { DeviceRegistry } from './device-registry.js';
import { readSelection } from './device-selection.js';
import { DeviceList, DeviceView, deviceView } from './device.dto.js';
import { BackendRegistrationBody, BackendUnregisterQuery, REGISTER_RULES } from './registration.dto.js';
import { readRegistration } from './registration.js';
import { sessionNamedBy } from './session.js';

/** Anyone's devices, for the app's backend. */
@ApiTags('Devices')
@ApiSecurity('apikey')
@Controller('v1/users/:uid/devices')
export class UserDevicesController {
  constructor(private readonly registry: DeviceRegistry) {}

  @Post()
  @AllowAccess('backend')
  @ApiOperation({ summary: 'Register or refresh a push token', description: REGISTER_RULES })
  @ApiCreatedResponse({ type: DeviceView, description: 'Registered.' })
  @ApiOkResponse({ type: DeviceView, description: 'Known already; refreshed.' })
  async register(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Body(new Validated(BackendRegistrationBody, 'DEVICE.INVALID_BODY')) body: BackendRegistrationBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceView> {
    const person = personOf(caller, uid);
    const registration = readRegistration(body, person.app, sessionNamedBy(body, 'DEVICE.INVALID_BODY'));
    const { device, isNew } = await this.registry.register(person, registration);
    void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return deviceView(device, person.app);
  }

  @Get()
  @AllowAccess('backend')
  @ApiOperation({ summary: 'List a person’s devices' })
  @ApiOkResponse({ type: DeviceList })
  async list(@CalledBy() caller: Caller, @Param('uid') uid: string): Promise<DeviceList> {
    const person = personOf(caller, uid);
    const devices = await this.registry.list(person);
    return { data: devices.map((device) => deviceView(device, person.app)) };
  }

  @Delete()
  @AllowAccess('backend')
  @ApiOperation({ summary: 'Unregister a session’s tokens, one token, or all' })
  @ApiOkResponse({ type: Deleted })
  async unregister(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Query(new Validated(BackendUnregisterQuery, 'REQUEST.INVALID_QUERY')) query: BackendUnregisterQuery,
  ): Promise<Deleted> {
    return { deleted: await this.registry.remove(personOf(caller, uid), readSelection(query)) };
  }

  @Delete(':deviceId')
  @AllowAccess('backend')
  @ApiOperation({ summary: 'Unregister one device' })
  @ApiOkResponse({ type: Deleted })
  async unregisterOne(
    @CalledBy() caller: Caller,
    @Param('uid') uid: string,
    @Param('deviceId') deviceId: string,
  ): Promise<Deleted> {
    return { deleted: await this.registry.remove(personOf(caller, uid), { by: 'id', deviceId }) };
  }
}
