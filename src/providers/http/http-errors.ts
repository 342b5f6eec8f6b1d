import {
  BAD_CREDENTIALS,
  NO_CREDIT,
  refuse,
  retire,
  STOP,
  UNKNOWN,
  verdictOfStatus,
  wait,
  type Verdict,
} from '../verdict.js';

/** Too many at once, and the answer names no time. */
const RATE_WAIT_MS = 1_000;

/** What a gateway says by its HTTP status, which is all that is known of it (RFC 9110, 15). */
export const HTTP_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  401: BAD_CREDENTIALS,
  402: NO_CREDIT,
  403: BAD_CREDENTIALS,
  404: STOP, // the address of the gateway is wrong
  408: UNKNOWN,
  410: retire('number_unreachable'), // the one status that speaks of the number
  413: refuse('message_too_large'),
  422: refuse('message_refused'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

export function httpVerdict(status: number): Verdict {
  return HTTP_STATUSES[status] ?? verdictOfStatus(status);
}
