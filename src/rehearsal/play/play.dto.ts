import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsAppId } from '../../platform/http/app-id.decorator.js';
import { IsUid } from '../../notifications/uid.decorator.js';

export const PLAY_KINDS = ['message', 'group', 'reaction', 'call', 'missed_call', 'sms'] as const;
export type PlayKind = (typeof PLAY_KINDS)[number];

/** As CometChat spells them. */
export const CALL_ACTIONS = [
  'initiated',
  'ongoing',
  'cancelled',
  'rejected',
  'unanswered',
  'busy',
  'ended',
] as const;
export type CallAction = (typeof CALL_ACTIONS)[number];

const MAX_GROUP = 50;
const ID = {
  pattern: /^[^\s\p{Cc}\p{Cs}]{1,200}$/u,
  message: 'must be 1 to 200 characters without white space',
};

class GroupDto {
  @ApiProperty({ minimum: 2, maximum: MAX_GROUP, description: 'Members, with the sender.' })
  @IsInt()
  @Min(2)
  @Max(MAX_GROUP)
  size: number;
}

/** `POST /sandbox/play` */
export class PlayDto {
  @IsAppId()
  appId?: string | null;

  @ApiProperty({
    enum: PLAY_KINDS,
    description:
      '`group`: one message and a webhook for each member except the sender; `call`: one event of a call; ' +
      '`missed_call`: a call that nobody answers for five seconds; `sms`: a summary of unread messages.',
  })
  @IsIn(PLAY_KINDS)
  kind: PlayKind;

  @ApiProperty({ example: 'bob', description: 'The sender or caller.' })
  @IsUid()
  from: string;

  @ApiProperty({ example: 'ann', description: 'The recipient; of a group, one member.' })
  @IsUid()
  to: string;

  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: 5_000,
    description: 'The message, or the emoji of a reaction; not for calls.',
  })
  @IsOptional()
  @IsString()
  @Length(1, 5_000)
  text?: string | null;

  @ApiPropertyOptional({
    type: GroupDto,
    description: 'For `group`; default: four members. Users with sandbox phones come first.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => GroupDto)
  group?: GroupDto | null;

  @ApiPropertyOptional({
    enum: CALL_ACTIONS,
    default: 'initiated',
    description: 'For `call`. Everything but `initiated` needs the `sessionId` of its call.',
  })
  @IsOptional()
  @IsIn(CALL_ACTIONS)
  callAction?: CallAction | null;

  @ApiPropertyOptional({ type: String, description: 'For `call`: the call of a further event.' })
  @IsOptional()
  @Matches(ID.pattern, { message: ID.message })
  sessionId?: string | null;

  @ApiPropertyOptional({
    type: String,
    example: 'ann_user_bob',
    description: 'Default: the conversation of the two users, or `group_sandbox-group`.',
  })
  @IsOptional()
  @Matches(ID.pattern, { message: ID.message })
  conversationId?: string | null;
}

export class PlayedDto {
  @ApiProperty({ type: [String], description: 'One for each webhook, in the ledger.' })
  notificationIds: string[];
  @ApiPropertyOptional({ description: 'Of a call: names it in further events.' })
  sessionId?: string;
}
