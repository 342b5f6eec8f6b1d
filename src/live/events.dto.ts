import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayNotEmpty, IsIn, IsOptional } from 'class-validator';
import { IsWord } from '../platform/http/word.decorator.js';
import { TOPIC_NAMES, type TopicName } from './live-event.js';

export class EventsQueryDto {
  @ApiProperty({
    required: false,
    enum: TOPIC_NAMES,
    isArray: true,
    example: 'notifications,status',
    description: 'Separated by commas; unset: all.',
  })
  @Transform(({ value }: { value: unknown }) => [value].flat().flatMap((item) => String(item).split(',')))
  @ArrayNotEmpty()
  @IsIn(TOPIC_NAMES, { each: true, message: `must be a list of ${TOPIC_NAMES.join(', ')}` })
  topics: TopicName[] = [...TOPIC_NAMES];

  @ApiProperty({
    required: false,
    description: 'For the operator; unset: all apps. A backend sees its own app.',
  })
  @IsOptional()
  @IsWord()
  appId?: string;
}
