import { ProviderUnavailable, type Accepted } from '../domain/outcome.js';
import type { HttpResponse } from './http-client/http-client.js';
import { retryAfterMs } from './retry-after.js';
import type { ConcludedAnswer } from './verdict.js';
import { vendorWords } from './vendor-words.js';

/**
 * The facts of a response for the ledger.
 *
 * @param traceId the id by which the vendor finds the request, if it is not the message id.
 */
export function answerOf({ status, headers, body }: HttpResponse, traceId?: string): ConcludedAnswer {
  return {
    httpStatus: status,
    text: vendorWords(body),
    traceId,
    retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()),
  };
}

/** The vendor accepted the message. */
export function acceptedAs(
  vendorMessageId: string | null,
  { status: httpStatus }: HttpResponse,
  traceId?: string,
): Accepted {
  return { outcome: 'accepted', vendorMessageId, answer: { httpStatus, traceId } };
}

/** 2xx without what the vendor promises, such as a proxy page or a truncated body: the message may have been sent. */
export function invalidAnswer(response: HttpResponse): ProviderUnavailable {
  const { httpStatus, text } = answerOf(response);
  return new ProviderUnavailable({
    vendorCode: 'invalid_answer',
    mayHaveBeenSent: true,
    answer: { httpStatus, text },
  });
}
