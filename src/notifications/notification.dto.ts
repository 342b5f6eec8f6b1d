import { ApiProperty } from '@nestjs/swagger';
import {
  CHANNELS,
  DELIVERY_STATUSES,
  NOTIFICATION_KINDS,
  NOTIFICATION_SOURCES,
} from '../domain/notification.js';
import { ATTEMPT_OUTCOMES } from '../domain/outcome.js';
import { REASONS } from '../domain/reason.js';
import { DELIVERY_REPORT_STATUSES } from '../domain/delivery-report.js';

const REASON_LIST = Object.entries(REASONS)
  .map(([reason, { meaning }]) => `- \`${reason}\`: ${meaning}`)
  .join('\n');

export class DeliveryReportDto {
  @ApiProperty({
    enum: DELIVERY_REPORT_STATUSES,
    description: 'The furthest status that the vendor has reported.',
  })
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
  @ApiProperty({ enum: ATTEMPT_OUTCOMES, description: '`unknown` also while the attempt is in progress.' })
  outcome: string;
  @ApiProperty({ type: String, nullable: true })
  vendorCode: string | null;
  @ApiProperty({ type: String, nullable: true })
  vendorMessageId: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    maxLength: 200,
    description: 'The vendor’s own words; tokens, numbers and parts of the message are masked.',
  })
  vendorText: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 400 })
  httpStatus: number | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The id by which the vendor’s console finds the request, if it is not the message id.',
  })
  vendorTraceId: string | null;
  @ApiProperty({ type: String, format: 'date-time' })
  startedAt: Date;
  @ApiProperty()
  durationMs: number;
  @ApiProperty({
    type: DeliveryReportDto,
    nullable: true,
    description: 'Later delivery report of the vendor.',
  })
  receipt: DeliveryReportDto | null;
  @ApiProperty({
    required: false,
    enum: [true],
    description: 'An earlier attempt may already have reached the user.',
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
  @ApiProperty({ type: String, nullable: true, example: 'US', description: 'Country of the number.' })
  country: string | null;
  @ApiProperty({ type: CostDto, nullable: true, description: 'By the configured prices.' })
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
    description: `Reason for \`failed\`, \`skipped\` or \`expired\`, or for staying \`queued\`.\n\n${REASON_LIST}`,
  })
  reason: string | null;
  @ApiProperty({
    type: [String],
    example: ['message'],
    description: 'Fields dropped or truncated to fit the vendor’s size limit.',
  })
  dropped: string[];
  @ApiProperty({
    type: SmsDetailsDto,
    required: false,
    description: 'Details of an SMS; unknown values are null.',
  })
  sms?: SmsDetailsDto;
  @ApiProperty({
    type: Object,
    required: false,
    additionalProperties: true,
    description: 'The message that a dry run (`dryRun`) did not send.',
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
  @ApiProperty({ enum: DELIVERY_STATUSES, description: 'The furthest status of its deliveries.' })
  status: string;
  @ApiProperty({
    required: false,
    enum: ['set_aside'],
    description: 'Planning failed; the notification waits for an operator.',
  })
  reason?: 'set_aside';
  @ApiProperty({ type: String, format: 'date-time' })
  receivedAt: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  settledAt: Date | null;
  @ApiProperty({
    type: String,
    nullable: true,
    enum: NOTIFICATION_SOURCES,
    description: 'What it came from; null if an earlier version recorded it.',
  })
  source: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The notification that it repeats.',
  })
  originId: string | null;
  @ApiProperty({ type: [DeliveryDto] })
  deliveries: DeliveryDto[];
}

/** How far a list reaches. */
export class PageEndDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: '`cursor` of the next page; also after a page that is not full, or empty.',
  })
  nextCursor: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Time back to which the ledger has been searched; null if all of it was.',
  })
  scannedTo: Date | null;
}

export class NotificationPageDto extends PageEndDto {
  @ApiProperty({ type: [NotificationDto] })
  data: NotificationDto[];
}
