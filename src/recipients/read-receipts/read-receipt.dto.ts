import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsOptional, Matches, ValidateNested } from 'class-validator';
import { foldId } from '../../domain/uid.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { SeenReport } from './seen-message.repository.js';

const MAX_RECEIPTS = 100;
const ID = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const ID_PROBLEM = 'must be a text of 1 to 200 characters without control characters';

/** What a receipt does, in the words of the API page. */
export const RECEIPT_RULES =
  'Tells that the person has seen messages, so that no text need tell of them (`sms.policy: ifNotSeen`). ' +
  'A receipt that names its conversation says that all of it was seen up to now.';

/** CometChat's SDKs have numbers for ids. */
function IdText(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value,
  );
}

/** One message that was seen. */
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
    description: 'As the push has it.',
  })
  @IsOptional()
  @Matches(ID, { message: ID_PROBLEM })
  conversationId?: string | null;
}

/** One message that was seen, or several. */
export class ReadReceiptsDto {
  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: '123',
    description: 'In place of `receipts`.',
  })
  @IsOptional()
  @IdText()
  @Matches(ID, { message: ID_PROBLEM })
  tag?: string | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: 'group_hiking',
    description: 'Beside `tag`.',
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

/** @throws GatewayError `RECEIPT.INVALID_BODY` where it has neither or both of its forms. */
export function parseReadReceipts({ tag, conversationId, receipts }: ReadReceiptsDto): SeenReport[] {
  const isSingle = isGiven(tag) || isGiven(conversationId);
  if (isSingle === isGiven(receipts)) throw invalid('receipts', 'is wanted, or tag, and not both');
  if (isGiven(receipts)) return receipts.map(toReport);
  if (!isGiven(tag)) throw invalid('tag', 'is required beside conversationId');
  return [toReport({ tag, conversationId: conversationId ?? null })];
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** CometChat's ids of conversations are in lower case. */
function toReport({ tag, conversationId }: ReadReceiptDto): SeenReport {
  return { tag, conversationId: conversationId ? foldId(conversationId) : null };
}

function invalid(path: string, problem: string): GatewayError {
  return new GatewayError('RECEIPT.INVALID_BODY', { errors: [{ path, problem }] });
}
