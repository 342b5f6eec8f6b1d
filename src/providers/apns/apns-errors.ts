import {
  BAD_CREDENTIALS,
  refuse,
  retire,
  retry,
  STOP,
  type Verdict,
  verdictOfStatus,
  wait,
  waitForAddress,
  waitUnclear,
} from '../verdict.js';

/** Apple states no wait; it allows three renewals of a provider token per hour. */
const TOKEN_WAIT_MS = 10_000;
const DEVICE_WAIT_MS = 30_000;
const FAULT_WAIT_MS = 1_000;

const MESSAGE_REFUSED = refuse('message_refused');

/**
 * APNs' reasons, from the response body. A reason that may be caused by our configuration never retires a token. See
 * https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 */
export const APNS_REASONS: Readonly<Record<string, Verdict>> = {
  // The token. Both state since when it is invalid.
  Unregistered: retire('token_unregistered'),
  ExpiredToken: retire('token_unregistered'),
  // Also returned for a token of the other environment, which `EitherEnvironment` then tries.
  BadDeviceToken: retire('token_invalid'),
  // Message
  BadCollapseId: MESSAGE_REFUSED,
  BadExpirationDate: MESSAGE_REFUSED,
  BadMessageId: MESSAGE_REFUSED,
  BadPriority: MESSAGE_REFUSED,
  DuplicateHeaders: MESSAGE_REFUSED,
  InvalidPushType: MESSAGE_REFUSED,
  MissingDeviceToken: MESSAGE_REFUSED,
  PayloadEmpty: MESSAGE_REFUSED,
  PayloadTooLarge: refuse('message_too_large'),
  // Key, bundle id or environment. A token of another app usually means a wrong bundle id in the configuration.
  BadTopic: STOP,
  MissingTopic: STOP,
  TopicDisallowed: STOP,
  DeviceTokenNotForTopic: STOP,
  BadCertificate: BAD_CREDENTIALS,
  BadCertificateEnvironment: BAD_CREDENTIALS,
  BadEnvironmentKeyIdInToken: BAD_CREDENTIALS,
  BadEnvironmentKeyInToken: BAD_CREDENTIALS,
  UnrelatedKeyIdInToken: BAD_CREDENTIALS,
  Forbidden: BAD_CREDENTIALS,
  InvalidProviderToken: BAD_CREDENTIALS,
  MissingProviderToken: BAD_CREDENTIALS,
  // Only for a recent token: a clock is wrong. Older tokens are renewed before this row applies.
  ExpiredProviderToken: BAD_CREDENTIALS,
  BadPath: STOP,
  MethodNotAllowed: STOP,
  // Capacity
  TooManyProviderTokenUpdates: wait(TOKEN_WAIT_MS),
  TooManyRequests: waitForAddress(DEVICE_WAIT_MS),
  // Apple
  IdleTimeout: retry(FAULT_WAIT_MS),
  InternalServerError: retry(FAULT_WAIT_MS),
  ServiceUnavailable: retry(FAULT_WAIT_MS),
  Shutdown: retry(FAULT_WAIT_MS),
};

/** Responses without a known reason: from a proxy, or newer than this table. */
const APNS_STATUSES: Readonly<Record<number, Verdict>> = {
  400: MESSAGE_REFUSED,
  408: retry(FAULT_WAIT_MS),
  410: retire('token_unregistered'),
  413: refuse('message_too_large'),
  429: waitUnclear(TOKEN_WAIT_MS),
};

/** @param reason APNs' reason, if the response has one. */
export function apnsVerdict(status: number, reason: string | undefined): Verdict {
  if (reason !== undefined && Object.hasOwn(APNS_REASONS, reason)) return APNS_REASONS[reason] ?? STOP;
  const known = APNS_STATUSES[status];
  if (known) return known;
  return verdictOfStatus(status, FAULT_WAIT_MS);
}
