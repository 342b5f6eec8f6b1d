import {
  BAD_CREDENTIALS,
  refuse,
  retire,
  retry,
  STOP,
  UNKNOWN,
  verdictOfStatus,
  wait,
  type Verdict,
} from '../verdict.js';

/** Default waits without `Retry-After`. */
const QUOTA_WAIT_MS = 10_000;
const FAULT_WAIT_MS = 1_000;

const MESSAGE_REFUSED = refuse('message_refused');

/**
 * Push Kit's error codes. Every response has one, whatever its HTTP status. See
 * https://developer.huawei.com/consumer/en/doc/HMSCore-References/https-send-api-0000001050986197
 */
export const HMS_CODES: Readonly<Record<string, Verdict>> = {
  // The token
  80300007: retire('token_invalid'), // belongs to another app
  // Some tokens are invalid, here the only one; also returned if the app lacks a permission.
  80100000: refuse('token_invalid'),
  // The message
  80100001: MESSAGE_REFUSED, // invalid parameter
  80100002: MESSAGE_REFUSED, // more than one token
  80100003: MESSAGE_REFUSED, // invalid structure
  80100004: MESSAGE_REFUSED, // expiry in the past
  80100013: MESSAGE_REFUSED, // collapse_key
  80100016: MESSAGE_REFUSED, // sensitive words
  80100017: MESSAGE_REFUSED, // too many topics
  80100018: MESSAGE_REFUSED, // bi_tag
  80300008: refuse('message_too_large'),
  80300010: MESSAGE_REFUSED, // too many tokens
  // Account and settings
  80200001: BAD_CREDENTIALS, // the access token belongs to another app
  80200003: BAD_CREDENTIALS, // the access token has expired; a new one is tried first
  80300002: BAD_CREDENTIALS, // no permission to send
  80300011: STOP, // no permission for high priority
  // Huawei
  80000001: retry(FAULT_WAIT_MS),
  80600003: retry(FAULT_WAIT_MS), // Huawei's token service did not answer
  81000001: retry(FAULT_WAIT_MS),
};

/** Responses without a known code: from a proxy, or newer than this table. */
const HMS_STATUSES: Readonly<Record<number, Verdict>> = {
  400: MESSAGE_REFUSED,
  408: retry(FAULT_WAIT_MS),
  413: refuse('message_too_large'),
  429: wait(QUOTA_WAIT_MS),
  // Huawei's status for too many requests.
  503: wait(QUOTA_WAIT_MS),
  504: UNKNOWN,
};

/** Codes about the access token; a new one may be accepted. */
export const ACCESS_TOKEN_CODES: ReadonlySet<string> = new Set(['80200001', '80200003']);

/** @param code Huawei's code, if the response has one. */
export function hmsVerdict(status: number, code: string | undefined): Verdict {
  if (code !== undefined && Object.hasOwn(HMS_CODES, code)) return HMS_CODES[code] ?? STOP;
  const known = HMS_STATUSES[status];
  if (known) return known;
  // A 2xx error with a code that is not in the table.
  if (status < 300) return MESSAGE_REFUSED;
  return verdictOfStatus(status, FAULT_WAIT_MS);
}
