import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { REPLAY_STATES, REPLAYABLE, type Replayable } from '../../deliveries/replays/replay-records.js';
import { CHANNELS, DELIVERY_STATUSES, type Channel } from '../../domain/notification.js';
import { REASONS, type Reason } from '../../domain/reason.js';
import { IsMoment } from '../../platform/http/moment.decorator.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { CostDto } from '../notification.dto.js';
import { IsUid } from '../uid.decorator.js';
import { LEFT_OUT } from './replay-verdict.js';
import { REQUESTED_STATES, type RequestedState } from './replays.js';

const MAX_PER_SECOND = 1_000;
const REASON_NAMES = Object.keys(REASONS) as readonly Reason[];
/** The failures of a vendor or an account, after which the same message may succeed. */
export const DEFAULT_REASONS: readonly Reason[] = [
  'provider_unavailable',
  'provider_over_quota',
  'provider_misconfigured',
];
export const DEFAULT_STATUSES: readonly Replayable[] = ['failed', 'expired'];

const LEFT_OUT_LIST = Object.entries(LEFT_OUT)
  .map(([why, meaning]) => `- \`${why}\`: ${meaning}`)
  .join('\n');

/** Deliveries that a replay sends again. */
export class ReplayFilterDto {
  @ApiPropertyOptional({
    type: String,
    example: 'app123',
    description: 'Required if several apps are configured.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  appId?: string | null;

  @ApiProperty({ type: String, format: 'date-time', description: 'Received at or after this time.' })
  @IsMoment()
  from: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'Received before this time; default and maximum: now.',
  })
  @IsOptional()
  @IsMoment()
  to?: string | null;

  @ApiPropertyOptional({
    enum: REPLAYABLE,
    isArray: true,
    default: DEFAULT_STATUSES,
    description: 'Statuses of the deliveries.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(REPLAYABLE, { each: true })
  status?: Replayable[] | null;

  @ApiPropertyOptional({
    enum: REASON_NAMES,
    isArray: true,
    default: DEFAULT_REASONS,
    description: 'Reasons of the deliveries.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(REASON_NAMES, { each: true })
  reasons?: Reason[] | null;

  @ApiPropertyOptional({
    type: [String],
    example: ['twilio'],
    description: 'Providers of the deliveries; default: all.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  providers?: string[] | null;

  @ApiPropertyOptional({ enum: CHANNELS })
  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel | null;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsUid()
  uid?: string | null;
}

/** `POST /v1/replays` */
export class ReplayRequestDto {
  @ApiProperty({ type: ReplayFilterDto })
  @IsDefined({ message: 'is required' })
  @IsObject()
  @ValidateNested()
  @Type(() => ReplayFilterDto)
  filter: ReplayFilterDto;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Count only: nothing is sent or stored.',
  })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean | null;

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: MAX_PER_SECOND,
    default: 20,
    description: 'Notifications sent again per second, over all processes.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_PER_SECOND)
  perSecond?: number | null;
}

/** `PATCH /v1/replays/{replayId}` */
export class ReplayChangeDto {
  @ApiProperty({ enum: REQUESTED_STATES })
  @IsIn(REQUESTED_STATES)
  state: RequestedState;
}

export class ReplayQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ description: 'For the operator; default: all apps.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  appId?: string;
}

export class LeftOutDto {
  @ApiProperty({ enum: Object.keys(LEFT_OUT), description: LEFT_OUT_LIST })
  why: string;
  @ApiProperty()
  notifications: number;
}

export class ReasonCountDto {
  @ApiProperty({ enum: REASON_NAMES })
  reason: string;
  @ApiProperty()
  deliveries: number;
}

export class SmsEstimateDto {
  @ApiProperty()
  messages: number;
  @ApiProperty({ description: 'Of those whose segments are known.' })
  segments: number;
  @ApiProperty({ description: 'SMS that failed before they were composed: segments and cost are unknown.' })
  unknown: number;
  @ApiProperty({
    type: [CostDto],
    description: 'By the prices of the failed attempts, one entry per currency.',
  })
  cost: CostDto[];
}

/** The result of a dry run. */
export class ReplayPreviewDto {
  @ApiProperty({ enum: [true] })
  dryRun: true;
  @ApiProperty({ description: 'Notifications that would be sent again.' })
  notifications: number;
  @ApiProperty({ description: 'Their deliveries that would be sent again.' })
  deliveries: number;
  @ApiProperty({ type: [ReasonCountDto], description: 'The same by the reason of their failure.' })
  byReason: ReasonCountDto[];
  @ApiProperty({ type: [LeftOutDto] })
  leftOut: LeftOutDto[];
  @ApiProperty({ type: SmsEstimateDto })
  sms: SmsEstimateDto;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Notifications received later were not counted, because that takes too long; null: all were.',
  })
  scannedTo: Date | null;
}

/** A filter with its defaults. */
export class AppliedFilterDto {
  @ApiProperty()
  appId: string;
  @ApiProperty({ format: 'date-time' })
  from: string;
  @ApiProperty({ format: 'date-time' })
  to: string;
  @ApiProperty({ enum: REPLAYABLE, isArray: true })
  status: readonly string[];
  @ApiProperty({ enum: REASON_NAMES, isArray: true })
  reasons: readonly string[];
  @ApiProperty({ type: [String], nullable: true })
  providers: readonly string[] | null;
  @ApiProperty({ enum: CHANNELS, nullable: true })
  channel: string | null;
  @ApiProperty({ type: String, nullable: true })
  uid: string | null;
}

export class ReplayDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: REPLAY_STATES })
  state: string;
  @ApiProperty({ type: AppliedFilterDto })
  filter: AppliedFilterDto;
  @ApiProperty()
  perSecond: number;
  @ApiProperty({ example: 'API key 1', description: 'The credential that created it.' })
  createdBy: string;
  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  endedAt: Date | null;
  @ApiProperty({ description: 'Notifications sent again.' })
  sent: number;
  @ApiProperty({ type: [LeftOutDto] })
  leftOut: LeftOutDto[];
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Notifications received until then are done; null: none are.',
  })
  scannedTo: Date | null;
}

export class ReplayResultDto {
  @ApiProperty({ enum: DELIVERY_STATUSES })
  status: string;
  @ApiProperty()
  notifications: number;
}

export class ReplayDetailsDto extends ReplayDto {
  @ApiProperty({
    type: [ReplayResultDto],
    description: 'What became of the notifications that it sent; of more than 20,000, those of the newest.',
  })
  results: ReplayResultDto[];
}

export class ReplayPageDto {
  @ApiProperty({ type: [ReplayDto] })
  data: ReplayDto[];
  @ApiProperty({ type: String, nullable: true, description: '`cursor` of the next page.' })
  nextCursor: string | null;
}
