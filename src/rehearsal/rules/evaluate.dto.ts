import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, Matches } from 'class-validator';
import { IsAppId } from '../../platform/http/app-id.decorator.js';
import { CHANNELS, TRANSPORTS, type Channel } from '../../domain/notification.js';
import { REASONS } from '../../domain/reason.js';

/** `POST /v1/rules/evaluate`. One of `data` and `notificationId` is given. */
export class EvaluateDto {
  @IsAppId('Required with `data` if several apps are configured.')
  appId?: string | null;

  @ApiPropertyOptional({ enum: CHANNELS, description: 'Required with `data`.' })
  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel | null;

  @ApiPropertyOptional({
    type: Object,
    description: 'The `data` of a webhook.',
    example: { to: { uid: 'ann' }, notificationDetails: { type: 'chat', title: 'Bob', body: 'Hello!' } },
  })
  @IsOptional()
  @IsObject()
  data?: object | null;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'A notification of the ledger.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { message: 'must be the id of a notification' })
  notificationId?: string | null;
}

export class EvaluatedRuleDto {
  @ApiProperty()
  name: string;
  @ApiProperty({ example: 'title, sound', description: 'The names of its actions.' })
  action: string;
  @ApiProperty({ description: 'False, too, for a rule after one that drops or stops.' })
  matched: boolean;
}

export class WouldBeMessageDto {
  @ApiProperty({ example: 'default' })
  provider: string;
  @ApiProperty({ enum: [...TRANSPORTS, 'sms'] })
  transport: string;
  @ApiProperty({
    type: Object,
    description: 'In the vendor’s format, without the address; a push with its `headers`, if it has any.',
  })
  payload: unknown;
  @ApiProperty({
    description: 'Size of the push as the vendor counts it, or of the text of the SMS in UTF-8.',
  })
  bytes: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Null for an SMS: its segments are limited.' })
  limitBytes: number | null;
  @ApiProperty({ type: [String], description: 'Fields dropped or cut to fit the limit, in that order.' })
  dropped: string[];
  @ApiProperty({
    description: 'True if the user has no address: what a device of this kind, or a number, would get.',
  })
  isExample: boolean;
}

export const OUTCOMES = ['sends', 'sends_later', 'decides_later'] as const;
export type EvaluationOutcome = (typeof OUTCOMES)[number] | keyof typeof REASONS;

/** The effect of the rules on an event, and what would be sent. */
export class EvaluationDto {
  @ApiProperty({ type: [EvaluatedRuleDto], description: 'All rules of the app, in order.' })
  rules: EvaluatedRuleDto[];
  @ApiProperty({ type: Object, description: 'The webhook’s `data`.' })
  before: unknown;
  @ApiProperty({
    type: Object,
    nullable: true,
    description: 'The same with the changes made by rules; null if a rule drops it.',
  })
  after: unknown;
  @ApiProperty({
    enum: [...OUTCOMES, ...Object.keys(REASONS)],
    description:
      '`sends_later`: not before `notBefore`; `decides_later`: waits for a read receipt or for CometChat; else the reason why ' +
      'nothing is sent.',
  })
  outcome: EvaluationOutcome;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: at once.' })
  notBefore: Date | null;
  @ApiProperty({ type: [WouldBeMessageDto], description: 'Different ones only.' })
  messages: WouldBeMessageDto[];
  @ApiProperty({
    description: 'False if the strings of a stored notification are replaced by their lengths.',
  })
  isShown: boolean;
}
