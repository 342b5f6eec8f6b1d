import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Equals,
  IsDefined,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { EnvelopeDto, PUSH_TRIGGER } from './envelope.dto.js';
import { IsUid } from '../../notifications/uid.decorator.js';

/** CometChat's ids and names are far shorter; the limit protects columns and headers from hostile bodies. */
const MAX_ID = 1_024;

const isCall = (details: NotificationDetailsDto): boolean => details.type === 'call';

export class PushRecipientDto {
  /** Recipient of the push. */
  @ApiProperty({ example: 'cometchat-uid-2' })
  @IsUid()
  uid: string;
}

/**
 * The event: a message, a call, a reaction or a group action. CometChat sends null for inapplicable fields and adds
 * fields over time; both are accepted.
 */
export class NotificationDetailsDto {
  /** Unknown fields are passed on unchanged. */
  readonly [field: string]: unknown;

  @ApiProperty({ required: false, nullable: true, example: 'Andrew Joseph' })
  @IsOptional()
  @IsString()
  title?: string | null;

  @ApiProperty({ required: false, nullable: true, example: 'Hello!' })
  @IsOptional()
  @IsString()
  body?: string | null;

  /** `call` for calls; any other type is shown like a message. */
  @ApiProperty({ example: 'chat' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  type: string;

  @ApiProperty({ required: false, nullable: true, example: 'cometchat-uid-1' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID)
  sender?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  senderName?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  senderAvatar?: string | null;

  /** Receiver of the message: a uid or guid, not the recipient of the push. */
  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID)
  receiver?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  receiverName?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  receiverAvatar?: string | null;

  @ApiProperty({ required: false, nullable: true, enum: ['user', 'group'] })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  receiverType?: string | null;

  /** Id of the message or reaction, or of the group for a group action. */
  @ApiProperty({ required: false, nullable: true, example: '123' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID)
  tag?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID)
  conversationId?: string | null;

  /** Required for a call. `initiated` rings; unknown actions are passed on and never ring. */
  @ApiProperty({ required: false, nullable: true, example: 'initiated', maxLength: 64 })
  @ValidateIf(
    (details: NotificationDetailsDto, value) => isCall(details) || (value !== null && value !== undefined),
  )
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  callAction?: string | null;

  /** Required for a call, whose events it identifies. */
  @ApiProperty({ required: false, nullable: true, example: 'v1.123.aik2' })
  @ValidateIf(
    (details: NotificationDetailsDto, value) => isCall(details) || (value !== null && value !== undefined),
  )
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_ID)
  @Matches(/^\P{Cc}*$/u, { message: 'must have no control characters' })
  sessionId?: string | null;

  @ApiProperty({ required: false, nullable: true, enum: ['audio', 'video'] })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  callType?: string | null;

  /** Time of the event in milliseconds since the epoch, as text; numbers and seconds are accepted, too. */
  @ApiProperty({ required: false, nullable: true, example: '1741847453000' })
  @IsOptional()
  @IsEpochTime()
  sentAt?: string | number | null;

  @ApiProperty({ required: false, nullable: true, oneOf: [{ type: 'number' }, { type: 'string' }] })
  @IsOptional()
  @IsCount()
  unreadMessageCount?: number | string | null;

  /** The whole message, if the app's settings include it. */
  @ApiProperty({ required: false, nullable: true, type: Object, additionalProperties: true })
  @IsOptional()
  @IsObjectOrText()
  message?: object | string | null;

  /** Custom JSON from the app's settings. */
  @ApiProperty({ required: false, nullable: true, type: Object, additionalProperties: true })
  @IsOptional()
  @IsObjectOrText()
  custom?: object | string | null;
}

export class PushDataDto {
  @ApiProperty()
  @IsDefined({ message: 'is required' })
  @IsObject()
  @ValidateNested()
  @Type(() => PushRecipientDto)
  to: PushRecipientDto;

  @ApiProperty()
  @IsDefined({ message: 'is required' })
  @IsObject()
  @ValidateNested()
  @Type(() => NotificationDetailsDto)
  notificationDetails: NotificationDetailsDto;
}

/** `POST /webhooks/cometchat/push` */
export class PushWebhookDto extends EnvelopeDto {
  @ApiProperty({ example: PUSH_TRIGGER })
  @Equals(PUSH_TRIGGER, { message: `must be "${PUSH_TRIGGER}"` })
  trigger: typeof PUSH_TRIGGER;

  @ApiProperty()
  @IsDefined({ message: 'is required' })
  @IsObject()
  @ValidateNested()
  @Type(() => PushDataDto)
  data: PushDataDto;
}

function IsEpochTime(): PropertyDecorator {
  return ValidateBy({
    name: 'isEpochTime',
    validator: {
      validate: (value: unknown) =>
        (typeof value === 'string' && /^(?:\d{1,16}(?:\.\d{1,9})?)?$/.test(value)) ||
        (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER),
      defaultMessage: () => 'must be milliseconds or seconds since the epoch',
    },
  });
}

function IsCount(): PropertyDecorator {
  return ValidateBy({
    name: 'isCount',
    validator: {
      validate: (value: unknown) =>
        (typeof value === 'number' && Number.isFinite(value)) ||
        (typeof value === 'string' && /^\d{1,9}$/.test(value)),
      defaultMessage: () => 'must be a number',
    },
  });
}

function IsObjectOrText(): PropertyDecorator {
  return ValidateBy({
    name: 'isObjectOrText',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' || (typeof value === 'object' && !Array.isArray(value)),
      defaultMessage: () => 'must be an object or JSON text',
    },
  });
}
