import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsOptional, Matches, ValidateNested } from 'class-validator';
import { foldId } from '../../domain/uid.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { SeenReport } from './seen-message.repository.js';

const MAX_RECEIPTS = 100;
const ID = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const ID_PROBLEM = 'must be a string of 1 to 200 characters without control characters';

/** The effect of read receipts, as described on the API page. */
export const RECEIPT_RULES =
  'Reports that the user has seen messages, so that no SMS reports them (`sms.policy: ifNotSeen`). ' +
  'A read receipt with a conversation id covers everything in that conversation up to now.';

/** An id as a string; CometChat's SDKs use numbers. */
function IdText(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value,
  );
}

/** A seen message. */
export class ReadReceiptDto {
  @ApiProperty({
    type: String,
    maxLength: 200,
    example: '123',
    description: 'The push’s tag: the message’s id.',
  })
  @IdText()
  @Matches(ID, { message: ID_PROBLEM })
  tag: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: 'group_hiking',
    description: 'The push’s conversation id.',
  })
  @IsOptional()
  @Matches(ID, { message: ID_PROBLEM })
  conversationId?: string | null;
}

/** One or several seen messages. */
export class ReadReceiptsDto {
  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: '123',
    description: 'For a single message, instead of a list.',
  })
  @IsOptional()
  @IdText()
  @Matches(ID, { message: ID_PROBLEM })
  tag?: string | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: 'group_hiking',
    description: 'Only with `tag`.',
  })
  @IsOptional()
  @Matches(ID, { message: ID_PROBLEM })
  conversationId?: string | null;

  @ApiPropertyOptional({ type: [ReadReceiptDto], maxItems: MAX_RECEIPTS })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_RECEIPTS)
  @ValidateNested({ each: true })
  @Type(() => ReadReceiptDto)
  receipts?: ReadReceiptDto[] | null;
}

/** @throws GatewayError `RECEIPT.INVALID_BODY` unless the body has exactly one of its two forms. */
export function parseReadReceipts({ tag, conversationId, receipts }: ReadReceiptsDto): SeenReport[] {
  const isSingle = isGiven(tag) || isGiven(conversationId);
  if (isSingle === isGiven(receipts)) throw invalid('receipts', 'or tag is required, but not both');
  if (isGiven(receipts)) return receipts.map(toReport);
  if (!isGiven(tag)) throw invalid('tag', 'is required beside conversationId');
  return [toReport({ tag, conversationId: conversationId ?? null })];
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** CometChat's conversation ids are in lower case. */
function toReport({ tag, conversationId }: ReadReceiptDto): SeenReport {
  return { tag, conversationId: conversationId ? foldId(conversationId) : null };
}

function invalid(path: string, problem: string): GatewayError {
  return new GatewayError('RECEIPT.INVALID_BODY', { errors: [{ path, problem }] });
}
