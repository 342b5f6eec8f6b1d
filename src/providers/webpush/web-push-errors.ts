import {
  BAD_CREDENTIALS,
  refuse,
  retire,
  retry,
  STOP,
  type Verdict,
  UNKNOWN,
  verdictOfStatus,
  waitUnclear,
} from '../verdict.js';

/** Default waits without `Retry-After`. */
const QUOTA_WAIT_MS = 60_000;
const FAULT_WAIT_MS = 1_000;

const GONE = retire('token_unregistered');

/**
 * Response statuses of push services: https://www.rfc-editor.org/rfc/rfc8030#section-5 and their own documentation. A
 * quota of one service does not affect the others on the same account.
 */
export const WEB_PUSH_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  // The subscription belongs to another VAPID key, or our token is wrong; the browser is not at fault.
  401: BAD_CREDENTIALS,
  403: BAD_CREDENTIALS,
  404: GONE,
  // Windows' 429: over its limit for this subscription or for us.
  406: waitUnclear(QUOTA_WAIT_MS),
  408: retry(FAULT_WAIT_MS),
  410: GONE,
  413: refuse('message_too_large'),
  429: waitUnclear(QUOTA_WAIT_MS),
  500: retry(FAULT_WAIT_MS),
  502: retry(FAULT_WAIT_MS),
  503: retry(FAULT_WAIT_MS),
  504: UNKNOWN,
};

/** Reasons of Apple's service that differ from its statuses. */
export const WEB_PUSH_REASONS: Readonly<Record<string, Verdict>> = {
  BadJwtToken: BAD_CREDENTIALS,
  // The browser subscribed with a different VAPID key.
  VapidPkHashMismatch: STOP,
};

export function webPushVerdict(status: number, reason: string | undefined): Verdict {
  if (reason !== undefined && Object.hasOwn(WEB_PUSH_REASONS, reason))
    return WEB_PUSH_REASONS[reason] ?? STOP;
  const known = WEB_PUSH_STATUSES[status];
  if (known) return known;
  // Redirects are never followed: they could lead to an internal address.
  return verdictOfStatus(status, FAULT_WAIT_MS);
}
