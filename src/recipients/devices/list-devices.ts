import type { User } from '../user.js';
import {
  toDeviceDto,
  toRetiredDeviceDto,
  type DeviceListDto,
  type DeviceListQueryDto,
} from './device.dto.js';
import type { DeviceRepository } from './device.repository.js';

/** A user's devices in use or, if the query asks for them, the retired ones. */
export async function listDevices(
  repository: DeviceRepository,
  user: User,
  { retired }: DeviceListQueryDto,
): Promise<DeviceListDto> {
  const { app } = user;
  if (retired === 'true') {
    const devices = await repository.listRetired(user);
    return { data: devices.map((device) => toRetiredDeviceDto(device, app)) };
  }
  const devices = await repository.list(user);
  return { data: devices.map((device) => toDeviceDto(device, app)) };
}
