import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  Equals,
  IsArray,
  IsDefined,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { EnvelopeDto, SMS_TRIGGER } from './envelope.dto.js';
import { IsUid } from '../../notifications/uid.decorator.js';

export class SmsRecipientDto {
  @ApiProperty({ example: 'cometchat-uid-1' })
  @IsUid()
  uid: string;

  /** Unset if CometChat has no number; then the number of the contact applies. */
  @ApiProperty({ required: false, nullable: true, example: '+14155550100' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  phno?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  name?: string | null;
}

export class SmsPartyDto {
  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  uid?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  guid?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  name?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  avatar?: string | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  icon?: string | null;
}

export class SmsMessageDto {
  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SmsPartyDto)
  sender?: SmsPartyDto | null;

  /** Preview of the unread message. */
  @ApiProperty({ required: false, nullable: true, example: 'Are we meeting on this weekend?' })
  @IsOptional()
  @IsString()
  message?: string | null;

  @ApiProperty({ required: false, nullable: true, type: Object, additionalProperties: true })
  @IsOptional()
  @IsObject()
  messageObject?: object | null;
}

/** The unread messages of one conversation, for one user. */
export class SmsDataDto {
  @ApiProperty()
  @IsDefined({ message: 'is required' })
  @IsObject()
  @ValidateNested()
  @Type(() => SmsRecipientDto)
  to: SmsRecipientDto;

  @ApiProperty({ required: false, nullable: true, type: [SmsMessageDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => SmsMessageDto)
  messages?: SmsMessageDto[] | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SmsPartyDto)
  senderDetails?: SmsPartyDto | null;

  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SmsPartyDto)
  groupDetails?: SmsPartyDto | null;

  /** Text from CometChat's template; unset: composed from the messages. */
  @ApiProperty({ required: false, nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  smsContent?: string | null;
}

/** `POST /webhooks/cometchat/sms` */
export class SmsWebhookDto extends EnvelopeDto {
  @ApiProperty({ example: SMS_TRIGGER })
  @Equals(SMS_TRIGGER, { message: `must be "${SMS_TRIGGER}"` })
  trigger: typeof SMS_TRIGGER;

  @ApiProperty()
  @IsDefined({ message: 'is required' })
  @IsObject()
  @ValidateNested()
  @Type(() => SmsDataDto)
  data: SmsDataDto;
}
