import type { SendResult } from '../../domain/outcome.js';
import type { HttpResponse } from '../http-client/http-client.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { isObject, jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { expoVerdict } from './expo-errors.js';

/**
 * Interprets the answer to a single push.
 *
 * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured
 */
export function readExpoAnswer(response: HttpResponse): SendResult {
  const { status, body } = response;
  const answer = jsonObject(body);
  const ticket = ticketIn(answer);
  if (status >= 200 && status < 300) {
    if (ticket?.['status'] === 'ok' && typeof ticket['id'] === 'string')
      return acceptedAs(ticket['id'], response);
    // 2xx without a ticket: a proxy page or a truncated body.
    if (ticket?.['status'] !== 'error' && !Array.isArray(answer?.['errors'])) throw invalidAnswer(response);
  }
  const code = codeIn(answer, ticket);
  return conclude(expoVerdict(status, code), code ?? String(status), answerOf(response));
}

type Json = Readonly<Record<string, unknown>>;

function ticketIn(answer: Json | undefined): Json | undefined {
  const data: unknown = answer?.['data'];
  const ticket: unknown = Array.isArray(data) ? data[0] : data;
  return isObject(ticket) ? ticket : undefined;
}

/** Only the code: Expo's messages contain the token. */
function codeIn(answer: Json | undefined, ticket: Json | undefined): string | undefined {
  const details = ticket?.['details'];
  const errors = answer?.['errors'];
  const [first] = Array.isArray(errors) ? errors.filter(isObject) : [];
  const code = isObject(details) ? details['error'] : first?.['code'];
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}
