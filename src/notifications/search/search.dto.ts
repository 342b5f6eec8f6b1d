import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsMoment } from '../../platform/http/moment.decorator.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { IsWord } from '../../platform/http/word.decorator.js';
import { DeviceDto } from '../../recipients/devices/device.dto.js';
import { NotificationDto, PageEndDto } from '../notification.dto.js';
import { READINGS, type Reading } from './recognise.js';

const FOUND_BY = { enum: READINGS, isArray: true, description: 'The readings of the query that found it.' };

export class SearchQueryDto extends PageQueryDto {
  @ApiProperty({
    example: '+14155550100',
    description:
      'Id of a notification, delivery or device; phone number; push token; call session; vendor’s message or trace id; tag; uid or its beginning.',
  })
  @Matches(/^(?=.*\S)[^\p{Cc}\p{Cs}]{1,4096}$/u, {
    message: 'must be 1 to 4,096 characters without control characters',
  })
  q: string;

  @ApiProperty({
    required: false,
    description: 'For the operator; unset: all configured apps. A backend searches its own app.',
  })
  @IsOptional()
  @IsWord()
  appId?: string;

  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'Notifications received at or after this time.',
  })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiProperty({
    required: false,
    format: 'date-time',
    description: 'Notifications received before this time.',
  })
  @IsOptional()
  @IsMoment()
  to?: string;
}

export class FoundUserDto {
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ example: 'cometchat-uid-2' })
  uid: string;
  @ApiProperty(FOUND_BY)
  foundBy: Reading[];
}

/** A device in use, or a retired one. */
export class FoundDeviceDto extends DeviceDto {
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null if it is in use.' })
  retiredAt: Date | null;
  @ApiProperty({ type: String, nullable: true, example: 'token_unregistered' })
  retiredReason: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'UNREGISTERED',
    description: 'The vendor’s own code.',
  })
  retiredCode: string | null;
  @ApiProperty(FOUND_BY)
  foundBy: Reading[];
}

export class FoundNotificationDto extends NotificationDto {
  @ApiProperty(FOUND_BY)
  foundBy: Reading[];
}

export class SearchResultDto extends PageEndDto {
  @ApiProperty({
    enum: READINGS,
    isArray: true,
    description: 'What the query is by its shape, and as what else something was found.',
  })
  recognised: Reading[];
  @ApiProperty({
    type: [FoundUserDto],
    description: 'At most 50; on the first page only.',
  })
  users: FoundUserDto[];
  @ApiProperty({
    type: [FoundDeviceDto],
    description: 'The devices with this token or id, also retired ones; on the first page only.',
  })
  devices: FoundDeviceDto[];
  @ApiProperty({
    type: [FoundNotificationDto],
    description: 'First those found by an index, reading by reading, then the others; newest first in each.',
  })
  data: FoundNotificationDto[];
}
