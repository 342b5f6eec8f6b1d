import { ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import type { AccessTokens } from '../access-tokens.js';
import type { HttpResponse } from '../http-client/http-client.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { ACCESS_TOKEN_CODES, hmsVerdict } from './hms-errors.js';

const SUCCESS = '80000000';

/**
 * Interprets the answer to a `messages:send`, and tells the access tokens what it says about this one.
 *
 * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured
 */
export function readHmsAnswer(response: HttpResponse, accessToken: string, tokens: AccessTokens): SendResult {
  const { status, body } = response;
  const answer = jsonObject(body);
  const requestId = typeof answer?.['requestId'] === 'string' ? answer['requestId'] : null;
  const code = typeof answer?.['code'] === 'string' ? answer['code'] : undefined;
  const aboutToken = status === 401 || (code !== undefined && ACCESS_TOKEN_CODES.has(code));
  if (!aboutToken) tokens.accepted(accessToken);
  if (status >= 200 && status < 300) {
    if (code === SUCCESS) return acceptedAs(requestId, response);
    // 2xx without a code: a proxy page or a truncated body.
    if (code === undefined) throw invalidAnswer(response);
  }
  const vendorCode = code !== undefined && /^\d{1,12}$/.test(code) ? code : String(status);
  // The access token may have been revoked early: a new one shows whether the account is misconfigured.
  const concluded = answerOf(response, requestId ?? undefined);
  if (aboutToken && tokens.refused(accessToken))
    throw new ProviderUnavailable({ vendorCode, answer: concluded });
  return conclude(hmsVerdict(status, code), vendorCode, concluded);
}
