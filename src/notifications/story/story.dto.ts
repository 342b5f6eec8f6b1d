import { ApiProperty } from '@nestjs/swagger';
import { DELIVERY_STATUSES, NOTIFICATION_SOURCES } from '../../domain/notification.js';
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

/** Cause and remedy; each may be unknown. */
export class DetailsDto {
  @ApiProperty({ type: String, nullable: true, description: 'What it usually turns out to be.' })
  cause: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'What to do.' })
  fix: string | null;
  @ApiProperty({ type: String, format: 'uri', nullable: true, description: 'The vendor’s page about it.' })
  link: string | null;
}

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
  @ApiProperty({
    type: DetailsDto,
    nullable: true,
    description:
      'What the vendor’s code or the reason means; null if nothing is known, or an earlier event says it.',
  })
  explanation: DetailsDto | null;
}

export class ExplanationDto extends DetailsDto {
  @ApiProperty({ example: 'Not delivered. The vendor says that the token is not one of its own.' })
  summary: string;
}

export const CALL_STATES = ['ringing', 'over', 'unknown'] as const;

/** The call that a notification rings for or updates. */
export class CallDto {
  @ApiProperty({ example: 'v1.us.208136f5ba34a5a2.1711101744' })
  sessionId: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'initiated',
    description: 'What this event says of it.',
  })
  action: string | null;
  @ApiProperty({
    enum: CALL_STATES,
    description:
      '`over`: it no longer rings for this user; `unknown`: the ring time has passed without an end.',
  })
  state: (typeof CALL_STATES)[number];
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'cancelled',
    description: 'The action that ended it.',
  })
  endedBy: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  endedAt: Date | null;
}

/** A later notification that repeats this one. */
export class RepeatDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: String, nullable: true, enum: NOTIFICATION_SOURCES })
  source: string | null;
  @ApiProperty({ enum: DELIVERY_STATUSES })
  status: string;
  @ApiProperty({ type: String, format: 'date-time' })
  receivedAt: Date;
}

export class DuplicatesDto {
  @ApiProperty({ description: 'How often it was received again.' })
  count: number;
  @ApiProperty({ type: String, format: 'date-time' })
  lastAt: Date;
}

/** A notification with its story: what happened when, and why. */
export class NotificationStoryDto extends NotificationDto {
  @ApiProperty({ type: String, nullable: true, description: 'CometChat’s id of the message of a push.' })
  tag: string | null;
  @ApiProperty({ type: CallDto, nullable: true })
  call: CallDto | null;
  @ApiProperty({
    type: [RepeatDto],
    description: 'Oldest first; of the next 1,000 notifications of the user.',
  })
  repeats: RepeatDto[];
  @ApiProperty({
    type: DuplicatesDto,
    nullable: true,
    description: 'Repeats by CometChat or a backend, of which nothing was sent; null: none.',
  })
  duplicates: DuplicatesDto | null;
  @ApiProperty({ type: [TimelineEventDto], description: 'In order of time.' })
  timeline: TimelineEventDto[];
  @ApiProperty({ type: ExplanationDto })
  explanation: ExplanationDto;
}
