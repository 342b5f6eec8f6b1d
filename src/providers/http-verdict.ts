import { refuse, UNKNOWN, verdictOfStatus, wait, type Verdict } from './verdict.js';

/** Wait after a 429 without `Retry-After`, enough for some concurrent requests to finish. */
const RATE_WAIT_MS = 1_000;

const STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN, // the request was being transmitted
  413: refuse('message_too_large'),
  422: refuse('message_refused'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN, // an upstream server has the request
};

/** The verdict for an HTTP status of an SMS request without a known vendor code. */
export function httpVerdict(status: number): Verdict {
  return STATUSES[status] ?? verdictOfStatus(status);
}
