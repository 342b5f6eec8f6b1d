import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsOptional, IsString, Length } from 'class-validator';

export const PUSH_TRIGGER = 'push-notification-payload-generated';
export const SMS_TRIGGER = 'sms-notification-payload-generated';

/** Envelope around the `data` of every custom-provider webhook. Unknown fields are kept. */
export abstract class EnvelopeDto {
  /** A configured app. */
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
