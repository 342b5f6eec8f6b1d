import {
  BAD_CREDENTIALS,
  NO_CREDIT,
  refuse,
  retire,
  retry,
  RETRY_FOR_ADDRESS,
  STOP,
  type Verdict,
  wait,
  waitUnclear,
} from '../verdict.js';
import { smpp } from './smpp-package.js';

/** Wait after throttling, which is per second; SMSCs state none. */
const THROTTLED_WAIT_MS = 1_000;
/** Wait for a full queue. */
const QUEUE_WAIT_MS = 30_000;

/**
 * `command_status` of responses to `submit_sm` and bind, by name (SMPP 3.4, 5.1.3; the last group: 5.0, 4.7.6). The
 * SMSC did not accept the message.
 */
export const SMPP_STATUSES: Readonly<Record<string, Verdict>> = {
  // Number
  ESME_RINVDSTADR: retire('number_unreachable'),
  ESME_RDELIVERYFAILURE: refuse('number_unreachable'), // immediate delivery attempt failed
  // Message
  ESME_RINVMSGLEN: refuse('message_too_large'),
  ESME_RINVCMDLEN: refuse('message_refused'),
  ESME_RINVESMCLASS: refuse('message_refused'), // no headers, hence no long SMS
  ESME_RINVEXPIRY: refuse('message_refused'), // longer than the SMSC's maximum
  ESME_RX_P_APPN: refuse('message_refused'), // permanent error of the receiving side
  ESME_RX_R_APPN: refuse('message_refused'),
  ESME_RINVDCS: refuse('message_refused'), // alphabet not supported
  // Capacity
  ESME_RTHROTTLED: wait(THROTTLED_WAIT_MS),
  ESME_RMSGQFUL: waitUnclear(QUEUE_WAIT_MS), // our queue or the receiver's
  // Account and settings
  ESME_RINVCMDID: STOP, // submit_sm not supported
  ESME_RINVPRTFLG: STOP,
  ESME_RINVREGDLVFLG: STOP,
  ESME_RINVSRCADR: STOP, // the sender does not belong to the account
  ESME_RBINDFAIL: BAD_CREDENTIALS,
  ESME_RINVPASWD: BAD_CREDENTIALS,
  ESME_RINVSYSID: BAD_CREDENTIALS,
  ESME_RINVSERTYP: STOP,
  ESME_RINVSRCTON: STOP,
  ESME_RINVSRCNPI: STOP,
  ESME_RINVDSTTON: STOP,
  ESME_RINVDSTNPI: STOP,
  ESME_RINVSYSTYP: STOP,
  ESME_RINVREPFLAG: STOP,
  ESME_RINVSCHED: STOP,
  ESME_RINVDFTMSGID: STOP,
  ESME_RINVTLVSTREAM: STOP,
  ESME_RTLVNOTALLWD: STOP,
  ESME_RINVTLVLEN: STOP,
  ESME_RMISSINGTLV: STOP, // requires a TLV, such as the template id in India
  ESME_RINVTLVVAL: STOP,
  // A failed query; without a query, SMSCs mean missing credit: https://smpp.io/cmd-response-table/
  ESME_RQUERYFAIL: NO_CREDIT,
  // SMSC
  ESME_RSYSERR: retry(),
  ESME_RSUBMITFAIL: RETRY_FOR_ADDRESS, // this message, no reason given
  ESME_RINVBNDSTS: retry(), // bind unknown: rebinding follows
  ESME_RALYBND: retry(), // still holds a lost bind
  ESME_RX_T_APPN: RETRY_FOR_ADDRESS, // temporary error of the receiving side
  ESME_RUNKNOWNERR: retry(),
  // SMPP 5.0
  ESME_RSERTYPUNAUTH: STOP,
  ESME_RPROHIBITED: STOP,
  ESME_RSERTYPDENIED: STOP,
  ESME_RSERTYPUNAVAIL: retry(),
};

const NAMES = new Map(Object.entries(smpp.errors).map(([name, code]) => [code, name]));

/** The name for the ledger, such as `ESME_RTHROTTLED`; the number if the protocol has none. */
export function statusName(status: number): string {
  return NAMES.get(status) ?? `0x${status.toString(16).padStart(8, '0')}`;
}

/** The verdict for a response other than `ESME_ROK`. */
export function submitVerdict(status: string): Verdict {
  // SMSC-specific codes mean only that this SMS was not accepted; another vendor may accept it.
  return (Object.hasOwn(SMPP_STATUSES, status) ? SMPP_STATUSES[status] : undefined) ?? RETRY_FOR_ADDRESS;
}

/** The verdict for a bind response, which concerns no particular message. */
export function bindVerdict(status: string): Verdict {
  const verdict = submitVerdict(status);
  if (verdict.action === 'wait') return wait(verdict.retryAfterMs);
  return verdict.action === 'refuse' || verdict.action === 'retry' ? retry() : verdict;
}
