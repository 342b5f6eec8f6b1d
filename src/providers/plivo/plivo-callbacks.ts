import type { Receipt, ReceiptStatus } from '../../domain/receipt.js';
import type { PlivoSettings } from '../../platform/config/sms-provider-settings.js';
import { UnreadableCallback, type CallbackReader, type InboundText } from '../callback.js';
import { callbackFields } from '../callback-fields.js';
import { e164 } from '../e164.js';
import { vendorDate } from '../vendor-date.js';
import { PLIVO_RECEIPT_CODES } from './plivo-errors.js';
import { isPlivoSigned } from './plivo-signature.js';

type Fields = ReadonlyMap<string, string>;

const STATUSES: Readonly<Record<string, ReceiptStatus>> = {
  queued: 'accepted',
  sent: 'accepted',
  delivered: 'delivered',
  read: 'delivered',
  failed: 'failed', // before a carrier had it
  undelivered: 'failed', // after
  rejected: 'failed',
};

/**
 * Plivo's status updates and inbound texts, as a form or, where they are set so, in a query.
 *
 * @see https://www.plivo.com/docs/messaging/api/message/message-status-callbacks
 */
export function plivoCallbacks({ authToken }: PlivoSettings): CallbackReader {
  return {
    isSigned: (request) => isPlivoSigned(request, authToken),
    readStatus: (request) => readStatus(callbackFields(request)),
    readInbound: (request) => readInbound(callbackFields(request)),
    // An inbound text may be answered in Plivo's XML; nothing in it is no answer.
    answer: { contentType: 'application/xml', body: '<Response></Response>' },
  };
}

function readStatus(fields: Fields): readonly Receipt[] {
  const vendorMessageId = required(fields, 'MessageUUID');
  const word = required(fields, 'Status').toLowerCase();
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) return [];
  const at = vendorDate(
    fields.get('DeliveryReportTime') || fields.get('SentTime') || fields.get('QueuedTime'),
  );
  const receipt = { vendorMessageId, reference: null, status, at };
  if (status !== 'failed') return [{ ...receipt, reason: null, vendorCode: null }];
  const code = fields.get('ErrorCode') || '000';
  const known = Object.hasOwn(PLIVO_RECEIPT_CODES, code) ? PLIVO_RECEIPT_CODES[code] : undefined;
  return [{ ...receipt, reason: known ?? 'undelivered', vendorCode: code === '000' ? word : code }];
}

function readInbound(fields: Fields): readonly InboundText[] {
  const from = e164(required(fields, 'From'));
  const text = fields.get('Text');
  if (from === undefined || text === undefined) return [];
  return [{ from, to: fields.get('To') ?? null, text, vendorMessageId: fields.get('MessageUUID') ?? null }];
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw new UnreadableCallback(`${name} is missing.`);
  return value;
}
