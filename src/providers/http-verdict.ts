import { refuse, UNKNOWN, verdictOfStatus, wait, type Verdict } from './verdict.js';

/** Too many requests at once; where the answer names no time, a second is enough for some of them to end. */
const RATE_WAIT_MS = 1_000;

const STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN, // the request was on its way
  413: refuse('message_too_large'),
  422: refuse('message_refused'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN, // something behind the gateway has the request
};

/** What the status of an answer to a text says by itself: no code of the vendor that is known came with it. */
export function httpVerdict(status: number): Verdict {
  return STATUSES[status] ?? verdictOfStatus(status);
}
