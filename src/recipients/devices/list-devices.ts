import type { User } from '../user.js';
import {
  toDeviceDto,
  toRetiredDeviceDto,
  type DeviceListDto,
  type DeviceListQueryDto,
} from './device.dto.js';
import type { DeviceRepository } from './device.repository.js';

/** A person's devices in use or, where the query asks for them, those that were retired. */
export async function listDevices(
  registry: DeviceRepository,
  user: User,
  { retired }: DeviceListQueryDto,
): Promise<DeviceListDto> {
  const { app } = user;
  if (retired === 'true') {
    const devices = await registry.listRetired(user);
    return { data: devices.map((device) => toRetiredDeviceDto(device, app)) };
  }
  const devices = await registry.list(user);
  return { data: devices.map((device) => toDeviceDto(device, app)) };
}
