import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { IsAppId } from '../../platform/http/app-id.decorator.js';
import { IsMoment } from '../../platform/http/moment.decorator.js';
import { MEASURE_NAMES, type Measure } from '../tallies/measures.js';

export const MAX_STEPS = 1_500;
const MIN_STEP_SECONDS = 60;
const MAX_STEP_SECONDS = 86_400;

/** Accepts repeated parameters and lists with commas. */
const toList = ({ value }: { value: unknown }): unknown =>
  value === undefined
    ? undefined
    : [value].flat().flatMap((one) => (typeof one === 'string' ? one.split(',') : [one]));

export class StatsQueryDto {
  @ApiProperty({
    required: false,
    description: 'Earliest time, rounded down to a step. Default: an hour before `to`.',
    example: '2026-03-01T00:00:00Z',
  })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiProperty({ required: false, description: 'Latest time, rounded up to a step. Default: now.' })
  @IsOptional()
  @IsMoment()
  to?: string;

  @ApiProperty({
    required: false,
    minimum: MIN_STEP_SECONDS,
    maximum: MAX_STEP_SECONDS,
    default: MIN_STEP_SECONDS,
    description: `Length of a step in seconds, a multiple of 60; of 3600 for more than a week. At most ${MAX_STEPS.toLocaleString('en')} steps.`,
  })
  @Transform(({ value }: { value: unknown }) => Number(value))
  @IsInt()
  @Min(MIN_STEP_SECONDS)
  @Max(MAX_STEP_SECONDS)
  step: number = MIN_STEP_SECONDS;

  @ApiProperty({
    required: false,
    type: String,
    description:
      'Labels to keep, separated by commas; series that differ in others are added up. `state` of queues and `currency` are always kept. Default: all.',
    example: 'provider,outcome',
  })
  @Transform(toList)
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  by?: string[];

  @ApiProperty({
    required: false,
    type: String,
    description: `Measures, separated by commas or repeated: ${[...MEASURE_NAMES, 'sms (both of SMS)'].map((name) => `\`${name}\``).join(', ')}. Default: all that the caller may see.`,
    example: 'attempts,latency',
  })
  @Transform(toList)
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  measure?: string[];

  @IsAppId(
    'For the operator: only series of this app, and those that are of all apps. A backend’s key implies it.',
  )
  appId?: string;
}

export class SeriesDto {
  @ApiProperty({ enum: MEASURE_NAMES })
  measure: Measure;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { app: 'app123', channel: 'push', provider: 'fcm', outcome: 'accepted' },
  })
  labels: Readonly<Record<string, string>>;
  @ApiProperty({
    type: 'array',
    items: { type: 'number', nullable: true },
    description: 'One value per step. Null: there was nothing to measure.',
  })
  values: readonly (number | null)[];
}

export class StatsDto {
  @ApiProperty({ type: String, format: 'date-time' })
  from: Date;
  @ApiProperty({ type: String, format: 'date-time', description: 'Exclusive.' })
  to: Date;
  @ApiProperty()
  stepSeconds: number;
  @ApiProperty({
    type: [String],
    description: 'The beginning of each step, in UTC. The last step may still go on.',
  })
  times: Date[];
  @ApiProperty({ type: [SeriesDto] })
  series: SeriesDto[];
}
