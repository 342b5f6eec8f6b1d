import type { SendResult } from '../../domain/outcome.js';
import { checkByRequest, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { Checked } from '../provider.js';
import { readApnsAnswer, routeOf } from './apns-answer.js';
import type { ApnsParts } from './apns.provider.js';

/** A token that no device has. */
const TOKEN = '0'.repeat(64);

/**
 * Pushes to a token that no device has: Apple judges the provider token first, then answers `BadDeviceToken`. Whether
 * the bundle id belongs to the team may only show at a push to a device.
 * https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 *
 * @throws SendAborted if the signal aborted the call.
 */
export function checkApns(
  { connections, signingKey, bundleId, timeoutMs }: ApnsParts,
  signal: AbortSignal,
): Promise<Checked> {
  const route = routeOf(signingKey, connections);
  return checkByRequest(
    route.client,
    {
      method: 'POST',
      path: `/3/device/${TOKEN}`,
      headers: {
        authorization: `bearer ${route.token}`,
        'apns-topic': bundleId,
        'apns-push-type': 'background',
        'apns-priority': '5',
        'apns-expiration': '0',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ aps: { 'content-available': 1 } }),
      timeoutMs,
      signal,
    },
    (response) => verdictOf(readApnsAnswer(response, route)),
  );
}

function verdictOf(result: SendResult): CheckVerdict {
  if (result.outcome === 'accepted')
    return unknown(null, 'The endpoint accepted a device token that does not exist, so it is not APNs.');
  const { vendorCode } = result;
  return vendorCode === 'BadDeviceToken'
    ? ok('Apple accepts the key, the key id, the team id and the environment.')
    : unknown(vendorCode, `Apple refused the push of the check (${vendorCode}).`);
}
