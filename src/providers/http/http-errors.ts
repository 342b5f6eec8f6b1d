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

/** Default wait after a 429 without `Retry-After`. */
const RATE_WAIT_MS = 1_000;

/** Verdicts by HTTP status, the only known part of the response (RFC 9110, 15). */
export const HTTP_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  401: BAD_CREDENTIALS,
  402: NO_CREDIT,
  403: BAD_CREDENTIALS,
  404: STOP, // wrong gateway URL
  408: UNKNOWN,
  410: retire('number_unreachable'), // the only status about the number
  413: refuse('message_too_large'),
  422: refuse('message_refused'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

export function httpVerdict(status: number): Verdict {
  return HTTP_STATUSES[status] ?? verdictOfStatus(status);
}
