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

const SESSION_PROBLEM = 'must be a text of 1 to 200 characters';
/** Four weeks: no vendor keeps a push for longer. */
const MAX_TTL_S = 2_419_200;
/** Ten parts of a long text, the most that vendors join again. */
const MAX_TEXT = 1_600;

/** Which of a person's devices a push goes to: one of these; unset: all. */
export class TargetDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'This device alone.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'must be the id of a device' })
  deviceId?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 200, description: 'The devices of this session alone.' })
  @IsOptional()
  @Matches(SESSION_ID, { message: SESSION_PROBLEM })
  sessionId?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 200, description: 'All but those of this session.' })
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
    description: 'SMS only: the number, in place of the one in the person’s contact.',
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
      'Push only: further fields, flat beside `type` (which is `api`), `title`, `body` and `tag`; keys of these names ' +
      'and `callAction` are left out. What a vendor keeps for itself (`from`, `google…` with FCM) does not reach its devices.',
  })
  @IsOptional()
  @IsObject()
  data?: Record<string, unknown> | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: 1_024,
    description: 'Push only: a later push of the same tag takes the place of this one.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 1_024)
  tag?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 1_024, description: 'The same as `tag`.' })
  @IsOptional()
  @IsString()
  @Length(1, 1_024)
  collapseId?: string | null;

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: MAX_TTL_S,
    description:
      'How long it may still be sent, in seconds; `delivery.lifetimeMinutes` is the default and the most.',
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
  @ApiProperty({ format: 'uuid', description: 'Under which the ledger tells what became of it.' })
  notificationId: string;

  @ApiProperty({
    description:
      'The same was asked for under this Idempotency-Key before; `notificationId` is that of the first time.',
  })
  duplicate: boolean;
}
