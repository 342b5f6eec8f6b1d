import { isObject, jsonObject } from '../vendor-request.js';
import {
  BAD_CREDENTIALS,
  refuse,
  retire,
  retireOnceProven,
  retry,
  STOP,
  type Verdict,
  UNKNOWN,
  verdictOfStatus,
  wait,
  waitForAddress,
  waitUnclear,
} from '../verdict.js';

/** Default waits without `Retry-After`, as Google recommends: a minute when over quota, otherwise a second. */
const QUOTA_WAIT_MS = 60_000;
const FAULT_WAIT_MS = 1_000;

/**
 * FCM's codes, from `error.details[].errorCode`, and Google's general ones, from `error.status`. See
 * https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
 */
export const FCM_CODES: Readonly<Record<string, Verdict>> = {
  UNREGISTERED: retire('token_unregistered'),
  // Either the token belongs to another project, and Google recommends deleting it; or the service account does, and
  // every token is valid.
  SENDER_ID_MISMATCH: retireOnceProven('token_invalid'),
  // About the message; see `invalidArgument` for the token.
  INVALID_ARGUMENT: refuse('message_refused'),
  // The project's or the device's quota: see `overQuota`.
  QUOTA_EXCEEDED: waitUnclear(QUOTA_WAIT_MS),
  RESOURCE_EXHAUSTED: waitUnclear(QUOTA_WAIT_MS),
  // The Firebase project's APNs key or web push key is missing or wrong.
  THIRD_PARTY_AUTH_ERROR: BAD_CREDENTIALS,
  UNAVAILABLE: retry(FAULT_WAIT_MS),
  INTERNAL: retry(FAULT_WAIT_MS),
  DEADLINE_EXCEEDED: UNKNOWN,
  UNAUTHENTICATED: BAD_CREDENTIALS,
  PERMISSION_DENIED: BAD_CREDENTIALS,
  // Not `UNREGISTERED`, so not the token: the project does not exist.
  NOT_FOUND: STOP,
};

/** Responses without a known code: from a proxy, or newer than this table. */
const FCM_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: retry(FAULT_WAIT_MS),
  413: refuse('message_too_large'),
  429: waitUnclear(QUOTA_WAIT_MS),
  504: UNKNOWN,
};

export interface FcmError {
  readonly code: string;
  readonly verdict: Verdict;
}

/** Parses a response other than 2xx. */
export function readFcmError(status: number, body: string): FcmError {
  const error = jsonObject(body)?.['error'];
  if (!isObject(error)) return { code: String(status), verdict: byStatus(status) };
  const details = Array.isArray(error['details']) ? error['details'].filter(isObject) : [];
  const own = details.map((detail) => detail['errorCode']).find((code) => typeof code === 'string');
  const general = typeof error['status'] === 'string' ? error['status'] : undefined;
  const code = own ?? general ?? String(status);
  if (code === 'INVALID_ARGUMENT') return { code, verdict: invalidArgument(error, details) };
  const verdict = lookUp(own) ?? lookUp(general) ?? byStatus(status);
  return { code, verdict: verdict.action === 'wait' ? overQuota(details, verdict) : verdict };
}

type Json = Readonly<Record<string, unknown>>;

/**
 * `INVALID_ARGUMENT` covers invalid tokens and invalid messages. The token is retired only if a field violation names
 * it, or by the sentence that FCM sends without one.
 */
function invalidArgument(error: Json, details: readonly Json[]): Verdict {
  const fields = details.flatMap((detail) => {
    const violations = detail['fieldViolations'];
    return Array.isArray(violations)
      ? violations.filter(isObject).map((violation) => violation['field'])
      : [];
  });
  const sentence = typeof error['message'] === 'string' ? error['message'] : '';
  if (fields.includes('message.token')) return retire('token_invalid');
  if (fields.length === 0 && /registration token is not a valid/i.test(sentence))
    return retire('token_invalid');
  return refuse(/too (big|large)/i.test(sentence) ? 'message_too_large' : 'message_refused');
}

/**
 * Google returns the same code for the project's and a device's quota. The `violations` of a `QuotaFailure` or the
 * `metadata` of an `ErrorInfo` name the quota. See https://cloud.google.com/apis/design/errors#error_payloads
 */
function overQuota(details: readonly Json[], unclear: Verdict): Verdict {
  const violations = details.flatMap((detail) => detail['violations']);
  const metadata = details.map((detail) => detail['metadata']);
  const named = [...violations, ...metadata]
    .filter(isObject)
    .flatMap((found) => Object.values(found).filter((value) => typeof value === 'string'))
    // Project names may contain the words below.
    .map((value) => value.replace(/\bproject(s|_number|_id)?[:/][\w:.-]+/gi, 'project'))
    .join(' ');
  if (/device|token/i.test(named)) return waitForAddress(QUOTA_WAIT_MS);
  return /project/i.test(named) ? wait(QUOTA_WAIT_MS) : unclear;
}

function lookUp(code: string | undefined): Verdict | undefined {
  return code !== undefined && Object.hasOwn(FCM_CODES, code) ? FCM_CODES[code] : undefined;
}

function byStatus(status: number): Verdict {
  const known = FCM_STATUSES[status];
  if (known) return known;
  // 3xx, 401, 403, 404 and others: this endpoint does not accept messages from us.
  return verdictOfStatus(status, FAULT_WAIT_MS);
}
