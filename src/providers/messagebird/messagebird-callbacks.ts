import type { Reason } from '../../domain/reason.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { MessageBirdSettings } from './messagebird-settings.js';
import { UnreadableCallback, type CallbackReader, type InboundSms } from '../callback.js';
import { callbackFields } from '../callback-fields.js';
import { e164 } from '../e164.js';
import { vendorDate } from '../vendor-date.js';
import { MESSAGEBIRD_REPORT_CODES, MESSAGEBIRD_REPORT_REASONS } from './messagebird-errors.js';
import { isMessageBirdSigned } from './messagebird-signature.js';

type Fields = ReadonlyMap<string, string>;

const STATUSES: Readonly<Record<string, DeliveryReportStatus>> = {
  scheduled: 'accepted',
  sent: 'accepted',
  buffered: 'accepted', // queued by the carrier
  delivered: 'delivered',
  expired: 'failed',
  delivery_failed: 'failed',
};

/**
 * MessageBird's status reports by GET, and inbound SMS by GET, form or JSON, depending on the number's flow.
 *
 * @see https://developers.messagebird.com/api/sms-messaging/#handle-a-status-report
 */
export function messageBirdCallbacks({ signingKey }: MessageBirdSettings): CallbackReader {
  return {
    isSigned: signingKey === undefined ? undefined : (request) => isMessageBirdSigned(request, signingKey),
    readStatus: (request) => readStatus(callbackFields(request)),
    readInbound: (request) => readInbound(callbackFields(request)),
    // Any other response is repeated.
    answer: { contentType: 'text/plain', body: 'OK' },
  };
}

function readStatus(fields: Fields): readonly DeliveryReport[] {
  const vendorMessageId = required(fields, 'id');
  const word = required(fields, 'status').toLowerCase();
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) return [];
  // An unencoded plus of the offset has been decoded as a space.
  const at = vendorDate(fields.get('statusDatetime')?.replace(/(T.*) (?=\d{2}:\d{2}$)/, '$1+'));
  const report = { vendorMessageId, reference: fields.get('reference') || null, status, at };
  if (status !== 'failed') return [{ ...report, reason: null, vendorCode: null }];
  const code = fields.get('statusErrorCode') || '0';
  const words = (fields.get('statusReason') || word).toLowerCase().replaceAll('_', ' ');
  return [{ ...report, reason: reasonOf(code, words), vendorCode: code === '0' ? words : code }];
}

function reasonOf(code: string, words: string): Reason {
  if (Object.hasOwn(MESSAGEBIRD_REPORT_CODES, code)) return MESSAGEBIRD_REPORT_CODES[code] ?? 'undelivered';
  const isKnown = Object.hasOwn(MESSAGEBIRD_REPORT_REASONS, words);
  return (isKnown ? MESSAGEBIRD_REPORT_REASONS[words] : undefined) ?? 'undelivered';
}

/** Flows and short codes use different field names. */
function readInbound(fields: Fields): readonly InboundSms[] {
  const from = e164(required(fields, 'originator'));
  const text = fields.get('payload') ?? fields.get('body') ?? fields.get('message');
  if (from === undefined || text === undefined) return [];
  const to = fields.get('recipient') ?? fields.get('shortcode') ?? null;
  return [{ from, to, text, vendorMessageId: fields.get('id') ?? fields.get('mid') ?? null }];
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw new UnreadableCallback(`${name} is missing.`);
  return value;
}
