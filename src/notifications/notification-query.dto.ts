import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import {
  CHANNELS,
  DELIVERY_STATUSES,
  NOTIFICATION_KINDS,
  NOTIFICATION_SOURCES,
  type Channel,
  type DeliveryStatus,
  type NotificationKind,
  type NotificationSource,
} from '../domain/notification.js';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../domain/outcome.js';
import { REASONS, type Reason } from '../domain/reason.js';
import { IsMoment } from '../platform/http/moment.decorator.js';
import { IsWord } from '../platform/http/word.decorator.js';
import { PageQueryDto } from '../platform/http/page-query.dto.js';

/** A day: no delivery lives longer. */
const MAX_SLOWER_MS = 86_400_000;
const REASON_CODES = Object.keys(REASONS);

/** `GET /v1/notifications` */
export class NotificationQueryDto extends PageQueryDto {
  @ApiProperty({
    required: false,
    description: 'For the operator; unset: all apps. A backend sees its own app.',
  })
  @IsOptional()
  @IsWord()
  appId?: string;

  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(/^[^\s\p{Cc}\p{Cs}]{1,100}$/u, {
    message: 'must be 1 to 100 characters without white space or control characters',
  })
  uid?: string;

  @ApiProperty({ required: false, enum: CHANNELS })
  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @ApiProperty({ required: false, enum: NOTIFICATION_KINDS })
  @IsOptional()
  @IsIn(NOTIFICATION_KINDS)
  kind?: NotificationKind;

  @ApiProperty({ required: false, enum: DELIVERY_STATUSES })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  @ApiProperty({ required: false, enum: NOTIFICATION_SOURCES })
  @IsOptional()
  @IsIn(NOTIFICATION_SOURCES)
  source?: NotificationSource;

  @ApiProperty({ required: false, enum: REASON_CODES, description: 'Reason of one of its deliveries.' })
  @IsOptional()
  @IsIn(REASON_CODES)
  reason?: Reason;

  @ApiProperty({
    required: false,
    description: 'Provider of one of its deliveries or attempts; with `outcome`, of the attempt with it.',
  })
  @IsOptional()
  @IsWord()
  provider?: string;

  @ApiProperty({ required: false, enum: ATTEMPT_OUTCOMES, description: 'Outcome of one of its attempts.' })
  @IsOptional()
  @IsIn(ATTEMPT_OUTCOMES)
  outcome?: AttemptOutcome;

  @ApiProperty({ required: false, description: 'CometChat’s id of the message.' })
  @IsOptional()
  @IsWord()
  tag?: string;

  @ApiProperty({ required: false, description: 'The call that it rings for or updates.' })
  @IsOptional()
  @IsWord()
  sessionId?: string;

  @ApiProperty({
    required: false,
    minimum: 1,
    maximum: MAX_SLOWER_MS,
    example: 1000,
    description:
      'Minimum time in ms from its arrival until it was settled, or until now while it waits; exclusive.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(MAX_SLOWER_MS)
  slowerThanMs?: number;

  @ApiProperty({
    required: false,
    type: Boolean,
    description: 'Whether it was received again, such as a webhook that CometChat repeated.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  hasDuplicate?: boolean;

  @ApiProperty({ required: false, format: 'uuid', description: 'The replay that sent it.' })
  @IsOptional()
  @IsUUID()
  replayId?: string;

  @ApiProperty({ required: false, format: 'date-time', description: 'Received at or after this time.' })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiProperty({ required: false, format: 'date-time', description: 'Received before this time.' })
  @IsOptional()
  @IsMoment()
  to?: string;
}
