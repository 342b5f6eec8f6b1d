import type { HttpOutcomeSettings, HttpRefusal } from './http-mapping-settings.js';
import { NO_CREDIT, refuse, retire, STOP, UNKNOWN, type Verdict } from '../verdict.js';

/** Default wait if neither row nor response states one. */
const QUOTA_WAIT_MS = 1_000;

/** If the number itself is at fault, no other vendor is tried. */
const REFUSALS: Readonly<Record<HttpRefusal, Verdict>> = {
  message_refused: refuse('message_refused'),
  message_too_large: refuse('message_too_large'),
  invalid_phone_number: retire('invalid_phone_number'),
  number_unreachable: refuse('number_unreachable'),
  number_takes_no_texts: retire('number_takes_no_texts'),
  country_not_allowed: refuse('country_not_allowed'),
  opted_out: refuse('opted_out'),
};

/** The verdict of a row of `outcomes`; undefined if the SMS was accepted. */
export function outcomeVerdict({
  outcome,
  reason,
  retryAfterSeconds,
  numberOnly: addressOnly = false,
}: Omit<HttpOutcomeSettings, 'when'>): Verdict | undefined {
  const waitMs = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1_000;
  switch (outcome) {
    case 'accepted':
      return undefined;
    case 'refused':
      return REFUSALS[reason === undefined || reason === 'no_credit' ? 'message_refused' : reason];
    case 'over_quota':
      return { action: 'wait', retryAfterMs: waitMs ?? QUOTA_WAIT_MS, addressOnly };
    case 'unavailable':
      return {
        action: 'retry',
        ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
        ...(addressOnly ? { addressOnly } : {}),
      };
    case 'unknown':
      return UNKNOWN;
    case 'misconfigured':
      return reason === 'no_credit' ? NO_CREDIT : STOP;
  }
}
