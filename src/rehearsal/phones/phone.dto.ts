import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsAppId } from '../../platform/http/app-id.decorator.js';
import { TRANSPORTS } from '../../domain/notification.js';
import { IsUid } from '../../notifications/uid.decorator.js';

/** `sms`: any phone with a number. */
export const PHONE_PLATFORMS = ['android', 'ios', 'web', 'sms'] as const;
export type PhonePlatform = (typeof PHONE_PLATFORMS)[number];

export class AddPhoneDto {
  @IsAppId()
  appId?: string | null;

  @ApiProperty({ example: 'ann' })
  @IsUid()
  uid: string;

  @ApiProperty({
    enum: PHONE_PLATFORMS,
    description:
      '`ios` adds a device token and a VoIP token, `sms` a made-up number unless the user has one.',
  })
  @IsIn(PHONE_PLATFORMS)
  platform: PhonePlatform;
}

/** An address of a sandbox. */
export class PhoneDto {
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ example: 'ann' })
  uid: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null for `sms`.' })
  deviceId: string | null;
  @ApiProperty({ enum: PHONE_PLATFORMS, description: 'Its look.' })
  platform: PhonePlatform;
  @ApiProperty({ enum: [...TRANSPORTS, 'sms'] })
  transport: string;
  @ApiPropertyOptional({
    description: 'As in `to` of the sandbox’s messages; masked for viewers, as there. Not for `sms`.',
  })
  token?: string;
  @ApiPropertyOptional({ example: '+14155550100', description: 'Only for `sms`; masked for viewers.' })
  phno?: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null: none in the mailbox.',
  })
  lastMessageAt: Date | null;
}

export class PhoneListDto {
  @ApiProperty({ type: [PhoneDto], description: 'Newest first; at most 100 of each app and channel.' })
  data: PhoneDto[];
}
