import { ApiProperty } from '@nestjs/swagger';
import { OptOutDto } from '../channels/sms/opt-out/opt-out.dto.js';
import { REASONS } from '../domain/reason.js';
import { NotificationDto } from '../notifications/notification.dto.js';
import { ContactDto } from '../recipients/contacts/contact.dto.js';
import { DeviceDto } from '../recipients/devices/device.dto.js';

/** The last push that a vendor refused on a device. */
export class LastRefusedDto {
  @ApiProperty({ type: String, format: 'date-time' })
  at: Date;
  @ApiProperty({ format: 'uuid' })
  notificationId: string;
  @ApiProperty({ type: String, nullable: true, enum: Object.keys(REASONS) })
  reason: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'UNREGISTERED',
    description: 'The vendor’s own code.',
  })
  vendorCode: string | null;
}

export class UserDeviceDto extends DeviceDto {
  @ApiProperty({ type: String, nullable: true, enum: ['production', 'sandbox'], description: 'APNs only.' })
  environment: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'en-IN' })
  locale: string | null;
  @ApiProperty({ type: String, nullable: true })
  appVersion: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Last push that its vendor accepted; exact within the shown notifications, else to the day.',
  })
  lastAcceptedAt: Date | null;
  @ApiProperty({ type: LastRefusedDto, nullable: true, description: 'Within the shown notifications.' })
  lastRefused: LastRefusedDto | null;
}

export class UserRetiredDeviceDto extends DeviceDto {
  @ApiProperty({ type: String, format: 'date-time' })
  retiredAt: Date;
  @ApiProperty({
    example: 'token_unregistered',
    description: 'Reason of the refused delivery, `unseen`, or the reason that was given.',
  })
  reason: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'UNREGISTERED',
    description: 'The vendor’s own code.',
  })
  code: string | null;
  @ApiProperty({
    example: 'vendor',
    description: '`vendor`; `gateway`: not registered for a long time; else the operator or the credential.',
  })
  by: string;
  @ApiProperty({ description: 'Whether `POST …/restore` would bring it back.' })
  restorable: boolean;
}

export class UserDto {
  @ApiProperty()
  appId: string;
  @ApiProperty()
  uid: string;
  @ApiProperty({ type: [UserDeviceDto], description: 'In use, newest first.' })
  devices: UserDeviceDto[];
  @ApiProperty({ type: [UserRetiredDeviceDto], description: 'Most recently retired first.' })
  retiredDevices: UserRetiredDeviceDto[];
  @ApiProperty({ type: ContactDto, nullable: true, description: 'The number is masked.' })
  contact: ContactDto | null;
  @ApiProperty({
    type: [OptOutDto],
    description:
      'Opt-outs and opt-ins of the contact’s number and of the numbers of the shown notifications.',
  })
  optOuts: OptOutDto[];
  @ApiProperty({ type: [NotificationDto], description: 'The last 20, newest first.' })
  notifications: NotificationDto[];
}
