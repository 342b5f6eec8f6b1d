import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsOptional, IsString, Length } from 'class-validator';

export const PUSH_TRIGGER = 'push-notification-payload-generated';
export const SMS_TRIGGER = 'sms-notification-payload-generated';

/** What every webhook of CometChat's custom providers has around its `data`. Fields beyond these are kept. */
export abstract class EnvelopeDto {
  /** The app that the event is from; it must be configured. */
  @ApiProperty({ example: 'app123' })
  @IsString()
  @Length(1, 64)
  appId: string;

  @ApiProperty({ example: 'us', required: false, nullable: true })
  @IsOptional()
  @IsString()
  region?: string | null;

  @ApiProperty({ example: 'custom' })
  @Equals('custom', { message: 'must be "custom"' })
  webhook: 'custom';
}
