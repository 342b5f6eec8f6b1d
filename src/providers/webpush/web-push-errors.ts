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

/** Where the answer names no time. */
const QUOTA_WAIT_MS = 60_000;
const FAULT_WAIT_MS = 1_000;

const GONE = retire('token_unregistered');

/**
 * What push services answer with: https://www.rfc-editor.org/rfc/rfc8030#section-5 and the pages of the services.
 * That one of them is over its quota says nothing of the others, which the same account reaches.
 */
export const WEB_PUSH_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  // The subscription belongs to another VAPID key, or our token is wrong: nothing is known against the browser.
  401: BAD_CREDENTIALS,
  403: BAD_CREDENTIALS,
  404: GONE,
  // Windows, as 429 elsewhere: over its limit for this subscription or for us.
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

/** Reasons of Apple's service that its statuses do not tell; the others say what the status does. */
export const WEB_PUSH_REASONS: Readonly<Record<string, Verdict>> = {
  BadJwtToken: BAD_CREDENTIALS,
  // The browser subscribed with another VAPID key than ours.
  VapidPkHashMismatch: STOP,
};

export function webPushVerdict(status: number, reason: string | undefined): Verdict {
  if (reason !== undefined && Object.hasOwn(WEB_PUSH_REASONS, reason))
    return WEB_PUSH_REASONS[reason] ?? STOP;
  const known = WEB_PUSH_STATUSES[status];
  if (known) return known;
  // A redirection is never followed: it might lead to an inner address.
  return verdictOfStatus(status, FAULT_WAIT_MS);
}
