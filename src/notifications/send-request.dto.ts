import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CHANNELS, type Channel } from '../domain/notification.js';
import { SESSION_ID } from '../platform/auth/session-id.js';
import { IsUid } from './uid.decorator.js';

const SESSION_PROBLEM = 'must be a string of 1 to 200 characters';
/** Four weeks, the longest lifetime of any vendor. */
const MAX_TTL_S = 2_419_200;
/** Ten segments, the maximum that vendors concatenate. */
const MAX_TEXT = 1_600;

/** Target devices of a push: one of these; unset: all devices of the user. */
export class TargetDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Only this device.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'must be the id of a device' })
  deviceId?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 200, description: 'Only the devices of this session.' })
  @IsOptional()
  @Matches(SESSION_ID, { message: SESSION_PROBLEM })
  sessionId?: string | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    description: 'All devices except those of this session.',
  })
  @IsOptional()
  @Matches(SESSION_ID, { message: SESSION_PROBLEM })
  exceptSessionId?: string | null;
}

export class SendRecipientDto extends TargetDto {
  @ApiProperty({ example: 'cometchat-uid-2' })
  @IsUid()
  uid: string;

  @ApiPropertyOptional({
    type: String,
    example: '+14155550100',
    description: 'SMS only: replaces the number of the user’s contact.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phno?: string | null;
}

/** `POST /v1/notifications` */
export class SendRequestDto {
  @ApiProperty({ enum: CHANNELS })
  @IsIn(CHANNELS)
  channel: Channel;

  @ApiProperty({ type: SendRecipientDto })
  @IsDefined({ message: 'is required' })
  @IsObject()
  @ValidateNested()
  @Type(() => SendRecipientDto)
  to: SendRecipientDto;

  @ApiPropertyOptional({ type: String, example: 'Your table is ready', description: 'Push only.' })
  @IsOptional()
  @IsString()
  title?: string | null;

  @ApiPropertyOptional({ type: String, description: 'Push only.' })
  @IsOptional()
  @IsString()
  body?: string | null;

  @ApiPropertyOptional({
    type: Object,
    additionalProperties: true,
    example: { orderId: '17' },
    description:
      'Push only: further fields beside `type` (`api`), `title`, `body` and `tag`. Keys of these names and `callAction` ' +
      'are ignored. Keys that a vendor reserves (`from`, `google…` with FCM) do not reach its devices.',
  })
  @IsOptional()
  @IsObject()
  data?: Record<string, unknown> | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: 1_024,
    description: 'Push only: a later push with the same tag replaces this one.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 1_024)
  tag?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 1_024, description: 'Alias of `tag`.' })
  @IsOptional()
  @IsString()
  @Length(1, 1_024)
  collapseId?: string | null;

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: MAX_TTL_S,
    description: 'Lifetime in seconds; `delivery.lifetimeMinutes` is the default and the maximum.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_TTL_S)
  ttlSeconds?: number | null;

  @ApiPropertyOptional({ type: String, maxLength: MAX_TEXT, description: 'SMS only.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_TEXT)
  text?: string | null;
}

export class SendAnswerDto {
  @ApiProperty({ format: 'uuid', description: 'Id in the ledger.' })
  notificationId: string;

  @ApiProperty({
    description:
      'Repeats an earlier request with this Idempotency-Key; `notificationId` is that of the first.',
  })
  duplicate: boolean;
}
