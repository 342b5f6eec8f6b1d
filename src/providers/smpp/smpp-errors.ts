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

/** Throttling is by the second; the centre names no time. */
const THROTTLED_WAIT_MS = 1_000;
/** A queue that is full takes a while. */
const QUEUE_WAIT_MS = 30_000;

/**
 * `command_status` of an answer to `submit_sm` or to the bind, by name (SMPP 3.4, 5.1.3; the last group: 5.0, 4.7.6).
 * A centre that answers so has not taken the message.
 */
export const SMPP_STATUSES: Readonly<Record<string, Verdict>> = {
  // The number
  ESME_RINVDSTADR: retire('number_unreachable'),
  ESME_RDELIVERYFAILURE: refuse('number_unreachable'), // tried at once, and not delivered
  // The message
  ESME_RINVMSGLEN: refuse('message_too_large'),
  ESME_RINVCMDLEN: refuse('message_refused'),
  ESME_RINVESMCLASS: refuse('message_refused'), // takes no headers, and so no long texts
  ESME_RINVEXPIRY: refuse('message_refused'), // valid for longer than the centre keeps any
  ESME_RX_P_APPN: refuse('message_refused'), // an error for good at the receiver's side
  ESME_RX_R_APPN: refuse('message_refused'),
  ESME_RINVDCS: refuse('message_refused'), // lacks the alphabet
  // Our capacity
  ESME_RTHROTTLED: wait(THROTTLED_WAIT_MS),
  ESME_RMSGQFUL: waitUnclear(QUEUE_WAIT_MS), // our queue, or the receiver's
  // Our account and settings
  ESME_RINVCMDID: STOP, // takes no submit_sm at all
  ESME_RINVPRTFLG: STOP,
  ESME_RINVREGDLVFLG: STOP,
  ESME_RINVSRCADR: STOP, // the sender is not the account's
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
  ESME_RMISSINGTLV: STOP, // wants a field of its own, such as the template's id in India
  ESME_RINVTLVVAL: STOP,
  // Says that a query failed, but where nothing was queried centres mean the credit: https://smpp.io/cmd-response-table/
  ESME_RQUERYFAIL: NO_CREDIT,
  // The centre itself
  ESME_RSYSERR: retry(),
  ESME_RSUBMITFAIL: RETRY_FOR_ADDRESS, // this message, for no reason given
  ESME_RINVBNDSTS: retry(), // has forgotten the bind: there will be another
  ESME_RALYBND: retry(), // still holds a bind that we have lost
  ESME_RX_T_APPN: RETRY_FOR_ADDRESS, // an error for now at the receiver's side
  ESME_RUNKNOWNERR: retry(),
  // Of SMPP 5.0
  ESME_RSERTYPUNAUTH: STOP,
  ESME_RPROHIBITED: STOP,
  ESME_RSERTYPDENIED: STOP,
  ESME_RSERTYPUNAVAIL: retry(),
};

const NAMES = new Map(Object.entries(smpp.errors).map(([name, code]) => [code, name]));

/** As the ledger shows it: `ESME_RTHROTTLED`, or the number where the protocol has no name for it. */
export function statusName(status: number): string {
  return NAMES.get(status) ?? `0x${status.toString(16).padStart(8, '0')}`;
}

/** What an answer means that is not ESME_ROK. */
export function submitVerdict(status: string): Verdict {
  // Numbers of the centre's own say no more than that it has not taken this text: another vendor may.
  return (Object.hasOwn(SMPP_STATUSES, status) ? SMPP_STATUSES[status] : undefined) ?? RETRY_FOR_ADDRESS;
}

/** The same of the answer to a bind, which says nothing about any one message. */
export function bindVerdict(status: string): Verdict {
  const verdict = submitVerdict(status);
  if (verdict.action === 'wait') return wait(verdict.retryAfterMs);
  return verdict.action === 'refuse' || verdict.action === 'retry' ? retry() : verdict;
}
