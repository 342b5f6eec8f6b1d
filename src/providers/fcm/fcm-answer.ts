import { ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import type { AccessTokens } from '../access-tokens.js';
import type { HttpResponse } from '../http-client/http-client.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { readFcmError } from './fcm-errors.js';

/**
 * Interprets the answer to a `messages:send`, and tells the access tokens what it says about this one.
 *
 * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured
 */
export function readFcmAnswer(response: HttpResponse, accessToken: string, tokens: AccessTokens): SendResult {
  const { status, body } = response;
  if (status !== 401) tokens.accepted(accessToken);
  if (status >= 200 && status < 300) {
    const name = jsonObject(body)?.['name'];
    if (typeof name === 'string') return acceptedAs(name, response);
    // 2xx without a name: a proxy page or a truncated body.
    throw invalidAnswer(response);
  }
  const { code, verdict } = readFcmError(status, body);
  // The access token may have been revoked early: a new one shows whether the account is misconfigured.
  if (status === 401 && code !== 'THIRD_PARTY_AUTH_ERROR' && tokens.refused(accessToken)) {
    throw new ProviderUnavailable({ vendorCode: code, answer: answerOf(response) });
  }
  return conclude(verdict, code, answerOf(response));
}
