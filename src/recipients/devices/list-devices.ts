import type { Person } from '../person.js';
import {
  toDeviceDto,
  toRetiredDeviceDto,
  type DeviceListDto,
  type DeviceListQueryDto,
} from './device.dto.js';
import type { DeviceRegistry } from './device-registry.js';

/** A person's devices in use or, where the query asks for them, those that were retired. */
export async function listDevices(
  registry: DeviceRegistry,
  person: Person,
  { retired }: DeviceListQueryDto,
): Promise<DeviceListDto> {
  const { app } = person;
  if (retired === 'true') {
    const devices = await registry.listRetired(person);
    return { data: devices.map((device) => toRetiredDeviceDto(device, app)) };
  }
  const devices = await registry.list(person);
  return { data: devices.map((device) => toDeviceDto(device, app)) };
}
