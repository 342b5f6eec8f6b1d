import {
  BAD_CREDENTIALS,
  refuse,
  retire,
  retry,
  STOP,
  UNKNOWN,
  verdictOfStatus,
  wait,
  waitForAddress,
  type Verdict,
} from '../verdict.js';

/** Default wait without `Retry-After`. Expo allows 600 pushes a second per project. */
const QUOTA_WAIT_MS = 1_000;
const DEVICE_WAIT_MS = 30_000;
const FAULT_WAIT_MS = 1_000;

/**
 * Expo's error codes: of a push, from its ticket's `details.error`, and of a request, from `errors[].code`. See
 * https://docs.expo.dev/push-notifications/sending-notifications/#individual-errors
 */
export const EXPO_CODES: Readonly<Record<string, Verdict>> = {
  // Push
  DeviceNotRegistered: retire('token_unregistered'),
  MessageTooBig: refuse('message_too_large'),
  MessageRateExceeded: waitForAddress(DEVICE_WAIT_MS),
  // The Expo project's FCM or APNs credentials are wrong or missing; the token may be valid.
  MismatchSenderId: STOP,
  InvalidCredentials: BAD_CREDENTIALS,
  DeveloperError: refuse('message_refused'),
  ExpoError: retry(FAULT_WAIT_MS),
  ProviderError: retry(FAULT_WAIT_MS),
  // Request
  TOO_MANY_REQUESTS: wait(QUOTA_WAIT_MS),
  PUSH_TOO_MANY_NOTIFICATIONS: refuse('message_refused'),
  PUSH_TOO_MANY_EXPERIENCE_IDS: refuse('message_refused'),
  VALIDATION_ERROR: refuse('message_refused'),
  API_ERROR: retry(FAULT_WAIT_MS),
  INTERNAL_SERVER_ERROR: retry(FAULT_WAIT_MS),
  UNAUTHORIZED: BAD_CREDENTIALS,
};

/** Responses without a known code: from a proxy, or newer than this table. */
const EXPO_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: retry(FAULT_WAIT_MS),
  413: refuse('message_too_large'),
  429: wait(QUOTA_WAIT_MS),
  504: UNKNOWN,
};

/** @param code Expo's code, if the response has one. */
export function expoVerdict(status: number, code: string | undefined): Verdict {
  if (code !== undefined && Object.hasOwn(EXPO_CODES, code)) return EXPO_CODES[code] ?? STOP;
  const known = EXPO_STATUSES[status];
  if (known) return known;
  // A failed ticket with a code that is not in the table.
  if (status < 300) return refuse('message_refused');
  return verdictOfStatus(status, FAULT_WAIT_MS);
}
