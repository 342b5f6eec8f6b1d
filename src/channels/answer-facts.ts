import type { AttemptResult } from '../deliveries/records.js';
import { maskedText } from '../domain/mask.js';
import { ProviderError, type SendResult } from '../domain/outcome.js';

/** The vendor's answer in the form of the ledger. */
export type AnswerFacts = Pick<AttemptResult, 'vendorText' | 'httpStatus' | 'vendorTraceId'>;

const MAX_TRACE_ID = 100;

/**
 * Reads the vendor's answer to an attempt. Its words are masked: they may repeat the address or the message.
 *
 * @param message what was sent.
 */
export function answerFacts(ended: SendResult | Error, message: object | undefined): AnswerFacts {
  const given = ended instanceof Error && !(ended instanceof ProviderError) ? undefined : ended.answer;
  const code = ended instanceof ProviderError || 'vendorCode' in ended ? ended.vendorCode : undefined;
  const text = given?.text === undefined || given.text === code ? '' : given.text;
  return {
    vendorText: text === '' ? null : maskedText(text, stringsIn(message)) || null,
    httpStatus: given?.httpStatus ?? null,
    vendorTraceId: given?.traceId?.slice(0, MAX_TRACE_ID) ?? null,
  };
}

/** All strings in a value, at any depth. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
