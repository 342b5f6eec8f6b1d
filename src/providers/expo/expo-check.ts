import type { SendResult } from '../../domain/outcome.js';
import { checkByRequest, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpRequest } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { readExpoAnswer } from './expo-answer.js';

/** The example of Expo's documentation, which no device has. */
const TOKEN = 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]';

/**
 * Pushes to a token that no device has: Expo judges the access token first, then answers `DeviceNotRegistered`. Without
 * an access token this shows only that Expo answers.
 * https://docs.expo.dev/push-notifications/sending-notifications/#individual-errors
 *
 * @param post the request of a push, without its body.
 * @throws SendAborted if the signal aborted the call.
 */
export function checkExpo(client: HttpClient, post: HttpRequest): Promise<Checked> {
  const hasToken = post.headers['authorization'] !== undefined;
  return checkByRequest(client, { ...post, body: JSON.stringify({ to: TOKEN }) }, (response) =>
    verdictOf(readExpoAnswer(response), hasToken),
  );
}

function verdictOf(result: SendResult, hasToken: boolean): CheckVerdict {
  if (result.outcome === 'refused' && result.vendorCode !== 'DeviceNotRegistered') {
    const { vendorCode } = result;
    return unknown(vendorCode, `Expo refused the push of the check (${vendorCode}).`);
  }
  return ok(
    hasToken
      ? 'Expo accepts the access token.'
      : 'Expo answers; without `accessToken`, only a push shows whether the project requires one.',
  );
}
