import { NO_CREDIT, refuse, retire, STOP, UNKNOWN, verdictOfStatus, wait, type Verdict } from '../verdict.js';

/** Wait after too many requests; rates are per second. */
const RATE_WAIT_MS = 1_000;

/** `code` of an error response. https://developers.sinch.com/docs/sms/api-reference/status-codes */
export const SINCH_CODES: Readonly<Record<string, Verdict>> = {
  // With 400
  syntax_invalid_json: refuse('message_refused'),
  syntax_invalid_parameter_format: refuse('message_refused'), // malformed field
  syntax_constraint_violation: refuse('message_refused'), // field missing, too long or out of range
  // With 403
  illegal_number_type: retire('number_unreachable'), // this kind of number cannot receive SMS in its region
  missing_callback_url: STOP, // delivery reports were requested without a URL
  unknown_campaign: STOP, // the sender does not belong to the campaign
  blocked_account: NO_CREDIT, // Sinch names an empty balance as the likely cause
};

/** Responses without a known code. */
const SINCH_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** @param code Sinch's code, if the response has one. */
export function sinchVerdict(status: number, code: string | undefined): Verdict {
  if (code !== undefined && Object.hasOwn(SINCH_CODES, code)) return SINCH_CODES[code] ?? STOP;
  // With 500 and 503 the request was not processed.
  return SINCH_STATUSES[status] ?? verdictOfStatus(status);
}

/** The code of an error response; never its text, which contains the number. */
export function sinchCode(answer: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const code = answer?.['code'];
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}
