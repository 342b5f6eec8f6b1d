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

/** Where the answer names no time. */
const QUOTA_WAIT_MS = 10_000;
const FAULT_WAIT_MS = 1_000;

const MESSAGE_REFUSED = refuse('message_refused');

/**
 * Push Kit's codes. Each answer has one, whatever its HTTP status.
 * See https://developer.huawei.com/consumer/en/doc/HMSCore-References/https-send-api-0000001050986197
 */
export const HMS_CODES: Readonly<Record<string, Verdict>> = {
  // The token
  80300007: retire('token_invalid'), // it is none of this app's
  // Some of the tokens, says Huawei, so the one that was sent; also for want of a right that our app lacks.
  80100000: refuse('token_invalid'),
  // The message
  80100001: MESSAGE_REFUSED, // a parameter
  80100002: MESSAGE_REFUSED, // more than one token
  80100003: MESSAGE_REFUSED, // its structure
  80100004: MESSAGE_REFUSED, // its end lies in the past
  80100013: MESSAGE_REFUSED, // collapse_key
  80100016: MESSAGE_REFUSED, // sensitive words
  80100017: MESSAGE_REFUSED, // too many topics
  80100018: MESSAGE_REFUSED, // bi_tag
  80300008: refuse('message_too_large'),
  80300010: MESSAGE_REFUSED, // more tokens than are allowed
  // Our account and settings
  80200001: BAD_CREDENTIALS, // the access token is not one of this app's
  80200003: BAD_CREDENTIALS, // the access token has expired; a new one is tried first
  80300002: BAD_CREDENTIALS, // the app may not send
  80300011: STOP, // the app may not send with high priority
  // Huawei itself
  80000001: retry(FAULT_WAIT_MS),
  80600003: retry(FAULT_WAIT_MS), // its own token service did not answer
  81000001: retry(FAULT_WAIT_MS),
};

/** Answers without a code that is known: from a proxy, or newer than this table. */
const HMS_STATUSES: Readonly<Record<number, Verdict>> = {
  400: MESSAGE_REFUSED,
  408: retry(FAULT_WAIT_MS),
  413: refuse('message_too_large'),
  429: wait(QUOTA_WAIT_MS),
  // Huawei's word for too many requests.
  503: wait(QUOTA_WAIT_MS),
  504: UNKNOWN,
};

/** What Huawei says of the access token: another one may do. */
export const ACCESS_TOKEN_CODES: ReadonlySet<string> = new Set(['80200001', '80200003']);

/** @param code Huawei's own, where the answer has one. */
export function hmsVerdict(status: number, code: string | undefined): Verdict {
  if (code !== undefined && Object.hasOwn(HMS_CODES, code)) return HMS_CODES[code] ?? STOP;
  const known = HMS_STATUSES[status];
  if (known) return known;
  // An answer that says no, for a reason that is not in the table.
  if (status < 300) return MESSAGE_REFUSED;
  return verdictOfStatus(status, FAULT_WAIT_MS);
}
