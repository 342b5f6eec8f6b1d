import { NO_CREDIT, refuse, retire, STOP, UNKNOWN, verdictOfStatus, wait, type Verdict } from '../verdict.js';

/** Too many requests; a service plan's rate is counted by the second. */
const RATE_WAIT_MS = 1_000;

/**
 * `code` of an error that Sinch answers with.
 * https://developers.sinch.com/docs/sms/api-reference/status-codes
 */
export const SINCH_CODES: Readonly<Record<string, Verdict>> = {
  // With 400
  syntax_invalid_json: refuse('message_refused'),
  syntax_invalid_parameter_format: refuse('message_refused'), // a field is not of its form
  syntax_constraint_violation: refuse('message_refused'), // a field is missing, too long or out of its bounds
  // With 403
  illegal_number_type: retire('number_unreachable'), // a kind of number that takes no texts in its region
  missing_callback_url: STOP, // receipts were asked for, and there is no address for them
  unknown_campaign: STOP, // the sender is not the campaign's
  blocked_account: NO_CREDIT, // Sinch names an empty balance as the likely cause
};

/** Answers without a code that is known. */
const SINCH_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** @param code Sinch's own, where the answer has one. */
export function sinchVerdict(status: number, code: string | undefined): Verdict {
  if (code !== undefined && Object.hasOwn(SINCH_CODES, code)) return SINCH_CODES[code] ?? STOP;
  // With 500 and 503 the request was not processed.
  return SINCH_STATUSES[status] ?? verdictOfStatus(status);
}
