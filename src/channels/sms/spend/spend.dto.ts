import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsAppId } from '../../../platform/http/app-id.decorator.js';
import { IsMoment } from '../../../platform/http/moment.decorator.js';

export class SpendQueryDto {
  @ApiProperty({
    required: false,
    description: 'First day, in UTC. Default: 30 days before `to`.',
    example: '2026-03-01',
  })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiProperty({ required: false, description: 'Latest time; its day is included. Default: now.' })
  @IsOptional()
  @IsMoment()
  to?: string;

  @IsAppId('For the operator; a backend’s key implies it.')
  appId?: string;

  @ApiProperty({
    required: false,
    enum: ['json', 'csv'],
    description: '`csv`: only `days`, as a table. `Accept: text/csv` does the same.',
  })
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

export class SpendCapDto {
  @ApiProperty()
  appId: string;
  @ApiProperty({
    enum: ['perAppPerMonth.texts', 'perAppPerMonth.money'],
    description: 'The setting in `sms.guard`.',
  })
  scope: string;
  @ApiProperty({ description: 'In SMS, or in `currency`. Counted since the limit was set.' })
  spent: number;
  @ApiProperty()
  cap: number;
  @ApiProperty({ type: String, nullable: true, description: 'Null: the limit is a number of SMS.' })
  currency: string | null;
  @ApiProperty({ type: String, format: 'date-time' })
  resetsAt: Date;
}

export class SpendDayDto {
  @ApiProperty({ format: 'date', description: 'In UTC.' })
  day: string;
  @ApiProperty()
  appId: string;
  @ApiProperty()
  provider: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'US',
    description: 'Null: a number without country.',
  })
  country: string | null;
  @ApiProperty({ description: 'Segments that a vendor has accepted or may have accepted.' })
  segments: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Null: `sms.guard.prices` has no price.' })
  cost: number | null;
  @ApiProperty({ type: String, nullable: true })
  currency: string | null;
}

export class StoppedPrefixDto {
  @ApiProperty()
  appId: string;
  @ApiProperty({ example: '+1415…', description: 'Shortened.' })
  prefix: string;
  @ApiProperty({ type: String, format: 'date-time' })
  since: Date;
}

export class TopUserDto {
  @ApiProperty()
  appId: string;
  @ApiProperty()
  uid: string;
  @ApiProperty()
  segments: number;
  @ApiProperty({ type: Number, nullable: true })
  cost: number | null;
  @ApiProperty({ type: String, nullable: true })
  currency: string | null;
}

export class SpendDto {
  @ApiProperty({ type: String, format: 'date-time' })
  from: Date;
  @ApiProperty({ type: String, format: 'date-time', description: 'Exclusive.' })
  to: Date;
  @ApiProperty({ type: [SpendCapDto], description: 'Limits of an app, with what has been spent this month.' })
  caps: SpendCapDto[];
  @ApiProperty({ type: [SpendDayDto], description: 'Newest first. 30 days are kept.' })
  days: SpendDayDto[];
  @ApiProperty({
    type: [StoppedPrefixDto],
    description: 'Number prefixes that SMS pumping protection stops now.',
  })
  stopped: StoppedPrefixDto[];
  @ApiProperty({ type: [TopUserDto], description: 'The users with most segments since `topUsersSince`.' })
  topUsers: TopUserDto[];
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Later than `from` if there are more deliveries than a request looks at.',
  })
  topUsersSince: Date;
}
