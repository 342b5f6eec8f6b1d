import type { Pdu } from 'smpp';
import type { Reason } from '../../domain/reason.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { ReceiptIdFormat } from './smpp-settings.js';
import { textOf, tlvNumber, tlvString, type DeliveredSms } from './delivered-sms.js';
import { acceptedIds } from './message-ids.js';

interface State {
  readonly status: DeliveryReportStatus;
  readonly reason: Reason | null;
}

const PENDING: State = { status: 'accepted', reason: null };
const DELIVERED: State = { status: 'delivered', reason: null };
const REFUSED: State = { status: 'failed', reason: 'message_refused' };
const UNDELIVERED: State = { status: 'failed', reason: 'undelivered' };

/**
 * Message states in the text of a delivery report (SMPP 3.4, 5.2.28 and appendix B), including other spellings of
 * SMSCs.
 */
export const RECEIPT_STATES: Readonly<Record<string, State>> = {
  SCHEDULED: PENDING, // SMPP 5.0
  ENROUTE: PENDING,
  ACCEPTD: PENDING,
  DELIVRD: DELIVERED,
  UNKNOWN: PENDING, // unknown is no evidence of failure
  EXPIRED: UNDELIVERED,
  DELETED: UNDELIVERED,
  UNDELIV: UNDELIVERED,
  REJECTD: REFUSED,
  SKIPPED: UNDELIVERED, // SMPP 5.0
  // Unabbreviated, truncated to seven characters, or other words
  DELIVERED: DELIVERED,
  DELIVERD: DELIVERED,
  DELIVER: DELIVERED,
  DLVRD: DELIVERED,
  ACCEPTED: PENDING,
  ACCEPT: PENDING,
  ACKED: PENDING,
  BUFFERED: PENDING,
  BUFFRED: PENDING,
  BUFFRD: PENDING,
  PENDING: PENDING,
  QUEUED: PENDING,
  SENT: PENDING,
  SUBMITTED: PENDING,
  SUBMITD: PENDING,
  UNDELIVERED: UNDELIVERED,
  UNDELIVERABLE: UNDELIVERED,
  UNDELIVRD: UNDELIVERED,
  UNDELIVD: UNDELIVERED,
  UNDELIVE: UNDELIVERED,
  UNDELVD: UNDELIVERED,
  UNDLVRD: UNDELIVERED,
  NOTDELIVERED: UNDELIVERED,
  FAILED: UNDELIVERED,
  FAILURE: UNDELIVERED,
  FAIL: UNDELIVERED,
  ERROR: UNDELIVERED,
  EXPIRD: UNDELIVERED,
  EXPIRE: UNDELIVERED,
  CANCELLED: UNDELIVERED,
  CANCELED: UNDELIVERED,
  REJECTED: REFUSED,
  REJECT: REFUSED,
  REJCTED: REFUSED,
  REFUSED: REFUSED,
  BLOCKED: REFUSED,
};

/** `message_state` by number. */
const STATE_NAMES = [
  'SCHEDULED',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
  'SKIPPED',
];

/** Message types about another message: final or intermediate state. */
const RECEIPT_KINDS = new Set([0x04, 0x20]);

/** Whether it is a delivery report: by its message type, or by fields that only delivery reports have. */
export function isReceipt(pdu: Pdu, { kind, octets, dataCoding }: DeliveredSms): boolean {
  if (RECEIPT_KINDS.has(kind)) return true;
  // An inbound SMS can imitate the text of a delivery report, but not its fields.
  if (kind !== 0 || !('receipted_message_id' in pdu)) return false;
  return 'message_state' in pdu || field(receiptText(octets, dataCoding), 'stat') !== undefined;
}

/**
 * Parses a delivery report from its TLVs, falling back to its text. Its time is ignored: SMSCs write local time without
 * stating the zone.
 *
 * @returns undefined if the message id or the state is missing or unknown.
 */
export function receiptOf(
  pdu: Pdu,
  delivered: DeliveredSms,
  format: ReceiptIdFormat,
): DeliveryReport | undefined {
  const { octets, dataCoding } = delivered;
  const text = receiptText(octets, dataCoding);
  const id = tlvString(pdu, 'receipted_message_id') ?? field(text, 'id');
  const stat = STATE_NAMES[tlvNumber(pdu, 'message_state') ?? -1] ?? stateIn(text);
  const state = stat !== undefined && Object.hasOwn(RECEIPT_STATES, stat) ? RECEIPT_STATES[stat] : undefined;
  if (id === undefined || stat === undefined || !state) return undefined;
  const [vendorMessageId, ...otherIds] = acceptedIds(id, format);
  const error = field(text, 'err') ?? networkError(pdu);
  const hasError = error !== undefined && !/^0*$/.test(error);
  return {
    vendorMessageId,
    ...(otherIds.length > 0 ? { otherIds } : {}),
    reference: null,
    status: state.status,
    reason: state.reason,
    vendorCode: state.status === 'failed' ? (hasError ? `${stat}:${error}` : stat) : null,
    at: null,
  };
}

function stateIn(text: string): string | undefined {
  const stat = field(text, 'stat')
    ?.toUpperCase()
    .replace(/[-_]/g, '')
    .replace(/[,;.]$/, '');
  return stat !== undefined && /^\d$/.test(stat) ? STATE_NAMES[Number(stat)] : stat;
}

/** The network's error code, after an octet for the network type (SMPP 3.4, 5.3.2.31). */
function networkError(pdu: Pdu): string | undefined {
  const value = pdu['network_error_code'];
  return Buffer.isBuffer(value) && value.length === 3 ? String(value.readUInt16BE(1)) : undefined;
}

/** Decodes data coding 0 as ASCII: ids are in ASCII, and GSM-7 encodes `_` and `@` differently. */
function receiptText(octets: Buffer, dataCoding: number): string {
  return dataCoding === 0 ? octets.toString('latin1') : textOf(octets, dataCoding);
}

/**
 * A field of `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`, in any case and any order before
 * `text`.
 */
function field(text: string, name: string): string | undefined {
  const [fields = ''] = text.split(/\btext:/i);
  return new RegExp(`(?:^|\\s)${name}:\\s*([^\\s]+)`, 'i').exec(fields)?.[1];
}
