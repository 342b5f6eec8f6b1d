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

/** Ids and names are far shorter in CometChat; the bound keeps a hostile body from filling columns and headers. */
const MAX_ID = 1_024;

const isCall = (details: NotificationDetailsDto): boolean => details.type === 'call';

export class PushRecipientDto {
  /** The person to notify. */
  @ApiProperty({ example: 'cometchat-uid-2' })
  @IsUid()
  uid: string;
}

/**
 * What happened: a message, a call, a reaction or a group action. CometChat sends nulls for what does not apply,
 * and adds fields over time; both are fine.
 */
export class NotificationDetailsDto {
  /** What CometChat adds is passed on as it comes. */
  readonly [field: string]: unknown;

  @ApiProperty({ required: false, nullable: true, example: 'Andrew Joseph' })
  @IsOptional()
  @IsString()
  title?: string | null;

  @ApiProperty({ required: false, nullable: true, example: 'Hello!' })
  @IsOptional()
  @IsString()
  body?: string | null;

  /** `call` for calls; everything else is shown like a message. */
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

  /** The conversation's other side: a uid or guid, not the person to notify. */
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

  /** The id of the message or reaction; of a group action the group's. */
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

  /** Required for a call. `initiated` rings; an action that is not known is passed on as it comes, and never rings. */
  @ApiProperty({ required: false, nullable: true, example: 'initiated', maxLength: 64 })
  @ValidateIf(
    (details: NotificationDetailsDto, value) => isCall(details) || (value !== null && value !== undefined),
  )
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  callAction?: string | null;

  /** Required for a call: its events are told apart by it. */
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

  /** When it happened, in milliseconds since the epoch, as text; numbers and seconds are taken as well. */
  @ApiProperty({ required: false, nullable: true, example: '1741847453000' })
  @IsOptional()
  @IsEpochTime()
  sentAt?: string | number | null;

  @ApiProperty({ required: false, nullable: true, oneOf: [{ type: 'number' }, { type: 'string' }] })
  @IsOptional()
  @IsCount()
  unreadMessageCount?: number | string | null;

  /** The whole message, where the app's settings include it. */
  @ApiProperty({ required: false, nullable: true, type: Object, additionalProperties: true })
  @IsOptional()
  @IsObjectOrText()
  message?: object | string | null;

  /** The custom JSON of the app's settings. */
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
