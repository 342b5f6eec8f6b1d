import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { mask } from '../../domain/mask.js';
import { TRANSPORTS, type Transport } from '../../domain/notification.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { PLATFORMS } from './platforms.js';
import { deviceKind, type ProvidedDevice } from './push-provider-of.js';

/** A device as shown, with a masked token. */
export class DeviceDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  uid: string;

  @ApiProperty({ enum: PLATFORMS })
  platform: string;

  @ApiProperty({ enum: [...TRANSPORTS, 'sandbox'], description: 'Transport of its pushes, or `sandbox`.' })
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

/** A device that receives nothing until it is registered again. */
export class RetiredDeviceDto extends DeviceDto {
  @ApiProperty()
  retiredAt: Date;

  @ApiProperty({
    example: 'token_unregistered',
    description:
      'Reason of the delivery that its vendor refused; `unseen`: not registered for a long time; or the reason that was given with `retiredBy`.',
  })
  retiredReason: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'UNREGISTERED',
    description: 'The vendor’s own code.',
  })
  retiredCode: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'operator',
    description: 'The operator or credential that retired it; null if its vendor or its inactivity did.',
  })
  retiredBy: string | null;
}

@ApiExtraModels(DeviceDto, RetiredDeviceDto)
export class DeviceListDto {
  @ApiProperty({
    type: 'array',
    items: { oneOf: [DeviceDto, RetiredDeviceDto].map((dto) => ({ $ref: getSchemaPath(dto) })) },
    description: 'Newest first; with `retired=true`, most recently retired first.',
  })
  data: (DeviceDto | RetiredDeviceDto)[];
}

/** Selects the devices to list. */
export class DeviceListQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Lists retired devices instead of those in use.',
  })
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  retired?: 'true' | 'false';
}

/** The fields of a stored device that are shown. */
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

/** The fields of a stored retirement that are shown. */
type ShownRetirement = Omit<RetiredDeviceDto, keyof DeviceDto | 'retiredReason'> & {
  readonly retiredReason: string | null;
};

export function toRetiredDeviceDto(
  device: ShownDevice & ShownRetirement,
  app: AppSettings,
): RetiredDeviceDto {
  const { retiredAt, retiredReason, retiredCode, retiredBy } = device;
  return {
    ...toDeviceDto(device, app),
    retiredAt,
    retiredReason: retiredReason ?? '',
    retiredCode,
    retiredBy,
  };
}
