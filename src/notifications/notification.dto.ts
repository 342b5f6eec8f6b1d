import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { Transform } from 'class-transformer';
import {
  CHANNELS,
  DELIVERY_STATUSES,
  NOTIFICATION_KINDS,
  type Channel,
  type DeliveryStatus,
} from '../domain/notification.js';
import { ATTEMPT_OUTCOMES } from '../domain/outcome.js';
import { REASONS } from '../domain/reason.js';
import { DELIVERY_REPORT_STATUSES } from '../domain/delivery-report.js';
import { IsMoment } from '../platform/http/moment.decorator.js';

const REASON_LIST = Object.entries(REASONS)
  .map(([reason, { meaning }]) => `- \`${reason}\`: ${meaning}`)
  .join('\n');

export class DeliveryReportDto {
  @ApiProperty({ enum: DELIVERY_REPORT_STATUSES, description: 'The furthest that the vendor has reported.' })
  status: string;
  @ApiProperty({ type: String, nullable: true })
  vendorCode: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'By the vendor’s clock.' })
  at: Date | null;
}

export class AttemptDto {
  @ApiProperty({ description: 'From 1.' })
  attempt: number;
  @ApiProperty()
  provider: string;
  @ApiProperty({ enum: ATTEMPT_OUTCOMES, description: '`unknown` also while the attempt is under way.' })
  outcome: string;
  @ApiProperty({ type: String, nullable: true })
  vendorCode: string | null;
  @ApiProperty({ type: String, nullable: true })
  vendorMessageId: string | null;
  @ApiProperty({ type: String, format: 'date-time' })
  startedAt: Date;
  @ApiProperty()
  durationMs: number;
  @ApiProperty({ type: DeliveryReportDto, nullable: true, description: 'What the vendor reported later.' })
  receipt: DeliveryReportDto | null;
  @ApiProperty({
    required: false,
    enum: [true],
    description: 'An earlier attempt may have reached the person already.',
  })
  possibleDouble?: true;
}

export class CostDto {
  @ApiProperty({ example: '0.0079' })
  amount: string;
  @ApiProperty({ example: 'USD' })
  currency: string;
}

export class SmsDetailsDto {
  @ApiProperty({ type: String, nullable: true, enum: ['gsm7', 'ucs2'] })
  encoding: string | null;
  @ApiProperty({ type: Number, nullable: true })
  segments: number | null;
  @ApiProperty({ type: String, nullable: true, example: 'US', description: 'The number’s.' })
  country: string | null;
  @ApiProperty({ type: CostDto, nullable: true, description: 'By the prices that are configured.' })
  cost: CostDto | null;
}

export class DeliveryDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: String, nullable: true })
  provider: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'fcm' })
  kind: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  deviceId: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'dK3f…9aQ', description: 'Masked.' })
  address: string | null;
  @ApiProperty({ enum: DELIVERY_STATUSES })
  status: string;
  @ApiProperty({
    type: String,
    nullable: true,
    enum: Object.keys(REASONS),
    description: `Why it is \`failed\`, \`skipped\` or \`expired\`, or stays \`queued\`.\n\n${REASON_LIST}`,
  })
  reason: string | null;
  @ApiProperty({
    type: [String],
    example: ['message'],
    description:
      'Fields that were left out, or of which only the beginning was sent, so that the push fits its vendor’s limit.',
  })
  dropped: string[];
  @ApiProperty({
    type: SmsDetailsDto,
    required: false,
    description: 'Of texts; null where it is not known.',
  })
  sms?: SmsDetailsDto;
  @ApiProperty({
    type: Object,
    required: false,
    additionalProperties: true,
    description: 'What would have been sent, where the app runs dry (`dryRun`).',
  })
  wouldSend?: unknown;
  @ApiProperty({ type: [AttemptDto] })
  attempts: AttemptDto[];
}

export class NotificationDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ enum: CHANNELS })
  channel: string;
  @ApiProperty({ enum: NOTIFICATION_KINDS })
  kind: string;
  @ApiProperty()
  uid: string;
  @ApiProperty({ enum: DELIVERY_STATUSES, description: 'The furthest that any of its deliveries got.' })
  status: string;
  @ApiProperty({
    required: false,
    enum: ['set_aside'],
    description: 'It could not even be planned, and waits for an operator.',
  })
  reason?: 'set_aside';
  @ApiProperty({ type: String, format: 'date-time' })
  receivedAt: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  settledAt: Date | null;
  @ApiProperty({ type: [DeliveryDto] })
  deliveries: DeliveryDto[];
}

export class NotificationPageDto {
  @ApiProperty({ type: [NotificationDto] })
  data: NotificationDto[];
  @ApiProperty({ type: String, nullable: true, description: 'Give it as `cursor` for the next page.' })
  nextCursor: string | null;
}

const MAX_PAGE = 200;

export class NotificationQueryDto {
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

  @ApiProperty({ required: false, enum: DELIVERY_STATUSES })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  /** Received at or after this moment. */
  @ApiProperty({ required: false, format: 'date-time' })
  @IsOptional()
  @IsMoment()
  from?: string;

  /** Received before this moment. */
  @ApiProperty({ required: false, format: 'date-time' })
  @IsOptional()
  @IsMoment()
  to?: string;

  /** The `nextCursor` of the page before. */
  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;

  @ApiProperty({ required: false, minimum: 1, maximum: MAX_PAGE, default: 50 })
  @Transform(({ value }: { value: unknown }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit: number = 50;
}
