import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
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

/** A device to which nothing is sent any more, until it is registered again. */
export class RetiredDeviceDto extends DeviceDto {
  @ApiProperty()
  retiredAt: Date;

  @ApiProperty({
    example: 'token_unregistered',
    description: 'The reason of the delivery that its vendor refused, or `unseen`: not registered for long.',
  })
  retiredReason: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'UNREGISTERED',
    description: 'The vendor’s own code.',
  })
  retiredCode: string | null;
}

@ApiExtraModels(DeviceDto, RetiredDeviceDto)
export class DeviceListDto {
  @ApiProperty({
    type: 'array',
    items: { oneOf: [DeviceDto, RetiredDeviceDto].map((dto) => ({ $ref: getSchemaPath(dto) })) },
    description: 'Newest first; with `retired=true` the one that was retired last.',
  })
  data: (DeviceDto | RetiredDeviceDto)[];
}

/** Which devices are listed. */
export class DeviceListQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Those that were retired, in place of those in use.',
  })
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  retired?: 'true' | 'false';
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

/** What is kept of a device's retirement beside the device. */
type ShownRetirement = Omit<RetiredDeviceDto, keyof DeviceDto | 'retiredReason'> & {
  readonly retiredReason: string | null;
};

export function toRetiredDeviceDto(
  device: ShownDevice & ShownRetirement,
  app: AppSettings,
): RetiredDeviceDto {
  const { retiredAt, retiredReason, retiredCode } = device;
  return { ...toDeviceDto(device, app), retiredAt, retiredReason: retiredReason ?? '', retiredCode };
}
