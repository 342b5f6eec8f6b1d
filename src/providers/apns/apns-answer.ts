import { ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { apnsVerdict } from './apns-errors.js';
import type { SigningKey } from './signing-key.js';
import type { TokenConnections } from './token-connections.js';

/** Reasons that a new provider token may resolve. */
const TOKEN_REASONS: ReadonlySet<string> = new Set(['ExpiredProviderToken', 'InvalidProviderToken']);

/** The provider token and the connections of a request, and what they were taken from. */
export interface ApnsRoute {
  readonly token: string;
  readonly client: HttpClient;
  readonly signingKey: SigningKey;
  readonly connections: TokenConnections;
}

/** The route of the next request. */
export function routeOf(signingKey: SigningKey, connections: TokenConnections): ApnsRoute {
  const token = signingKey.token();
  return { token, client: connections.of(token), signingKey, connections };
}

/**
 * Interprets the answer to a push, and replaces what it says is no longer accepted.
 *
 * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured
 */
export function readApnsAnswer(response: HttpResponse, route: ApnsRoute): SendResult {
  const { status, headers, body } = response;
  if (status >= 200 && status < 300) {
    const id = headers['apns-id'];
    // 2xx without an id: a proxy page.
    if (typeof id !== 'string' || id === '') throw invalidAnswer(response);
    return acceptedAs(id, response, uniqueIdIn(response));
  }
  const { token, client, signingKey, connections } = route;
  const error = jsonObject(body);
  const reason = typeof error?.['reason'] === 'string' ? error['reason'] : undefined;
  const code = reason ?? String(status);
  const given = answerOf(response, uniqueIdIn(response));
  if (reason !== undefined && TOKEN_REASONS.has(reason) && signingKey.refused(token)) {
    throw new ProviderUnavailable({ vendorCode: code, answer: given });
  }
  if (reason === 'TooManyProviderTokenUpdates') connections.replace(client);
  const refused = conclude(apnsVerdict(status, reason), code, given);
  const since = error?.['timestamp'];
  return {
    ...refused,
    ...(reason === 'BadDeviceToken' ? { environmentMayBeWrong: true } : {}),
    // In milliseconds. Later registrations remain valid, so a timestamp in the future is capped.
    ...(typeof since === 'number' && since > 0 ? { deadSince: new Date(Math.min(since, Date.now())) } : {}),
  };
}

/**
 * The id by which Apple's console finds a push; Apple returns it in the sandbox environment.
 * https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 */
function uniqueIdIn({ headers }: HttpResponse): string | undefined {
  const id = headers['apns-unique-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
