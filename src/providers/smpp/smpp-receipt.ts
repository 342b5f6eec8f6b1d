import type { Pdu } from 'smpp';
import type { Reason } from '../../domain/reason.js';
import type { Receipt, ReceiptStatus } from '../../domain/receipt.js';
import type { ReceiptIdFormat } from '../../platform/config/sms-provider-settings.js';
import { textOf, tlvNumber, tlvString, type DeliveredText } from './delivered-text.js';
import { acceptedIds } from './message-ids.js';

interface State {
  readonly status: ReceiptStatus;
  readonly reason: Reason | null;
}

const ON_ITS_WAY: State = { status: 'accepted', reason: null };
const ARRIVED: State = { status: 'delivered', reason: null };
const REFUSED: State = { status: 'failed', reason: 'message_refused' };
const LOST: State = { status: 'failed', reason: 'undelivered' };

/** The states of a message, as the text of a receipt has them (SMPP 3.4, 5.2.28 and appendix B). */
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
  // As some centres write them in full
  DELIVERED: ARRIVED,
  ACCEPTED: ON_ITS_WAY,
  UNDELIVERABLE: LOST,
  REJECTED: REFUSED,
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
export function isReceipt(pdu: Pdu, { kind }: DeliveredText): boolean {
  return RECEIPT_KINDS.has(kind) || (kind === 0 && 'receipted_message_id' in pdu && 'message_state' in pdu);
}

/**
 * Reads a receipt: from its own fields, and from its text where they are missing. When it happened is left out: the
 * centre writes its local time and does not say which that is.
 *
 * @returns undefined where it does not say of which message, or nothing that can be understood.
 */
export function receiptOf(pdu: Pdu, delivered: DeliveredText, format: ReceiptIdFormat): Receipt | undefined {
  const { octets, dataCoding } = delivered;
  // GSM-7 has another `_` and `@` than ASCII, which ids are in whatever the receipt says.
  const text = dataCoding === 0 ? octets.toString('latin1') : textOf(octets, dataCoding);
  const id = tlvString(pdu, 'receipted_message_id') ?? field(text, 'id');
  const stat = STATE_NAMES[tlvNumber(pdu, 'message_state') ?? -1] ?? field(text, 'stat')?.toUpperCase();
  const state = stat !== undefined && Object.hasOwn(RECEIPT_STATES, stat) ? RECEIPT_STATES[stat] : undefined;
  if (id === undefined || stat === undefined || !state) return undefined;
  const [vendorMessageId, ...otherIds] = acceptedIds(id, format);
  const error = field(text, 'err');
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

/** `id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`, in any case and order but for the text. */
function field(text: string, name: string): string | undefined {
  const [fields = ''] = text.split(/\btext:/i);
  return new RegExp(`(?:^|\\s)${name}:\\s*([^\\s]+)`, 'i').exec(fields)?.[1];
}
