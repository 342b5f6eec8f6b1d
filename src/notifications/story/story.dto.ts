import { ApiProperty } from '@nestjs/swagger';
import { NotificationDto } from '../notification.dto.js';

export const TIMELINE_EVENTS = [
  'received',
  'planned',
  'held',
  'attempted',
  'next_attempt',
  'waiting',
  'reported',
  'failed',
  'skipped',
  'expired',
  'seen',
] as const;

export class TimelineEventDto {
  @ApiProperty({ type: String, format: 'date-time' })
  at: Date;
  @ApiProperty({ enum: TIMELINE_EVENTS })
  event: string;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Null: of the whole notification.',
  })
  deliveryId: string | null;
  @ApiProperty({ example: 'Planned 2 deliveries.', description: 'The event in words.' })
  text: string;
  @ApiProperty({ type: Object, additionalProperties: true, description: 'The same as fields.' })
  data: object;
}

export class ExplanationDto {
  @ApiProperty({ example: 'Not delivered. The vendor says that the token is not one of its own.' })
  summary: string;
  @ApiProperty({ type: String, nullable: true, description: 'What it usually turns out to be.' })
  cause: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What to do.' })
  fix: string | null;
  @ApiProperty({ type: String, format: 'uri', nullable: true, description: 'The vendor’s page about it.' })
  link: string | null;
}

/** A notification with its story: what happened when, and why. */
export class NotificationStoryDto extends NotificationDto {
  @ApiProperty({ type: [TimelineEventDto], description: 'In order of time.' })
  timeline: TimelineEventDto[];
  @ApiProperty({ type: ExplanationDto })
  explanation: ExplanationDto;
}
