import { ApiProperty } from '@nestjs/swagger';
import { mask } from '../../domain/mask.js';
import { TRANSPORTS, type Transport } from '../../domain/notification.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { PLATFORMS } from './platforms.js';
import { deviceKind, type ProvidedDevice } from './push-provider-of.js';

/** A device as it is shown: its token is masked. */
export class DeviceDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  uid: string;

  @ApiProperty({ enum: PLATFORMS })
  platform: string;

  @ApiProperty({ enum: [...TRANSPORTS, 'sandbox'], description: 'How a push travels to it.' })
  kind: Transport | 'sandbox';

  @ApiProperty()
  providerId: string;

  @ApiProperty({ example: 'dK3f…9aQ', description: 'Masked.' })
  pushToken: string;

  @ApiProperty({ type: String, nullable: true })
  sessionId: string | null;

  @ApiProperty({ type: String, nullable: true })
  timezone: string | null;

  @ApiProperty()
  createdAt: Date;

  @ApiProperty()
  updatedAt: Date;
}

export class DeviceListDto {
  @ApiProperty({ type: [DeviceDto], description: 'Newest first.' })
  data: DeviceDto[];
}

/** What is shown of a stored device. */
type ShownDevice = Omit<DeviceDto, 'kind' | 'pushToken'> & ProvidedDevice & { readonly token: string };

export function toDeviceDto(device: ShownDevice, app: AppSettings): DeviceDto {
  return {
    id: device.id,
    uid: device.uid,
    platform: device.platform,
    kind: deviceKind(app.push.providers, device),
    providerId: device.providerId,
    pushToken: mask(device.token),
    sessionId: device.sessionId,
    timezone: device.timezone,
    createdAt: device.createdAt,
    updatedAt: device.updatedAt,
  };
}
