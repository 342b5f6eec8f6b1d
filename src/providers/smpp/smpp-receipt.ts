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

const ON_ITS_WAY: State = { status: 'accepted', reason: null };
const ARRIVED: State = { status: 'delivered', reason: null };
const REFUSED: State = { status: 'failed', reason: 'message_refused' };
const LOST: State = { status: 'failed', reason: 'undelivered' };

/**
 * The states of a message, as the text of a receipt has them (SMPP 3.4, 5.2.28 and appendix B), and as centres spell
 * them otherwise.
 */
export const RECEIPT_STATES: Readonly<Record<string, State>> = {
  SCHEDULED: ON_ITS_WAY, // SMPP 5.0
  ENROUTE: ON_ITS_WAY,
  ACCEPTD: ON_ITS_WAY,
  DELIVRD: ARRIVED,
  UNKNOWN: ON_ITS_WAY, // the centre does not know: nothing is gained by calling it lost
  EXPIRED: LOST,
  DELETED: LOST,
  UNDELIV: LOST,
  REJECTD: REFUSED,
  SKIPPED: LOST, // SMPP 5.0
  // In full, cut to seven characters, or in other words
  DELIVERED: ARRIVED,
  DELIVERD: ARRIVED,
  DELIVER: ARRIVED,
  DLVRD: ARRIVED,
  ACCEPTED: ON_ITS_WAY,
  ACCEPT: ON_ITS_WAY,
  ACKED: ON_ITS_WAY,
  BUFFERED: ON_ITS_WAY,
  BUFFRED: ON_ITS_WAY,
  BUFFRD: ON_ITS_WAY,
  PENDING: ON_ITS_WAY,
  QUEUED: ON_ITS_WAY,
  SENT: ON_ITS_WAY,
  SUBMITTED: ON_ITS_WAY,
  SUBMITD: ON_ITS_WAY,
  UNDELIVERED: LOST,
  UNDELIVERABLE: LOST,
  UNDELIVRD: LOST,
  UNDELIVD: LOST,
  UNDELIVE: LOST,
  UNDELVD: LOST,
  UNDLVRD: LOST,
  NOTDELIVERED: LOST,
  FAILED: LOST,
  FAILURE: LOST,
  FAIL: LOST,
  ERROR: LOST,
  EXPIRD: LOST,
  EXPIRE: LOST,
  CANCELLED: LOST,
  CANCELED: LOST,
  REJECTED: REFUSED,
  REJECT: REFUSED,
  REJCTED: REFUSED,
  REFUSED: REFUSED,
  BLOCKED: REFUSED,
};

/** `message_state`, each name at its number. */
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

/** Kinds of message that tell of another one: its end, or how it fares meanwhile. */
const RECEIPT_KINDS = new Set([0x04, 0x20]);

/** Whether it is a receipt: its class says so, or it has what only receipts have. */
export function isReceipt(pdu: Pdu, { kind, octets, dataCoding }: DeliveredSms): boolean {
  if (RECEIPT_KINDS.has(kind)) return true;
  // A person can write the text of a receipt, and none of its fields.
  if (kind !== 0 || !('receipted_message_id' in pdu)) return false;
  return 'message_state' in pdu || field(receiptText(octets, dataCoding), 'stat') !== undefined;
}

/**
 * Reads a receipt: from its own fields, and from its text where they are missing. When it happened is left out: the
 * centre writes its local time and does not say which that is.
 *
 * @returns undefined where it does not say of which message, or nothing that can be understood.
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
  const isTold = error !== undefined && !/^0*$/.test(error);
  return {
    vendorMessageId,
    ...(otherIds.length > 0 ? { otherIds } : {}),
    reference: null,
    status: state.status,
    reason: state.reason,
    vendorCode: state.status === 'failed' ? (isTold ? `${stat}:${error}` : stat) : null,
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

/** The network's own code, behind an octet for its kind (SMPP 3.4, 5.3.2.31). */
function networkError(pdu: Pdu): string | undefined {
  const value = pdu['network_error_code'];
  return Buffer.isBuffer(value) && value.length === 3 ? String(value.readUInt16BE(1)) : undefined;
}

/** GSM-7 has another `_` and `@` than ASCII, which ids are in whatever the receipt says. */
function receiptText(octets: Buffer, dataCoding: number): string {
  return dataCoding === 0 ? octets.toString('latin1') : textOf(octets, dataCoding);
}

/** `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`, in any case and order but for the text. */
function field(text: string, name: string): string | undefined {
  const [fields = ''] = text.split(/\btext:/i);
  return new RegExp(`(?:^|\\s)${name}:\\s*([^\\s]+)`, 'i').exec(fields)?.[1];
}
