import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { PlivoSettings } from './plivo-settings.js';
import { UnreadableCallback, type CallbackReader, type InboundSms } from '../callback.js';
import { callbackFields } from '../callback-fields.js';
import { e164 } from '../e164.js';
import { vendorDate } from '../vendor-date.js';
import { PLIVO_REPORT_CODES } from './plivo-errors.js';
import { vendorWord } from '../vendor-word.js';
import { isPlivoSigned, isSignedInFull, plivoNonce } from './plivo-signature.js';

type Fields = ReadonlyMap<string, string>;

const STATUSES: Readonly<Record<string, DeliveryReportStatus>> = {
  queued: 'accepted',
  sent: 'accepted',
  delivered: 'delivered',
  read: 'delivered',
  failed: 'failed', // before reaching a carrier
  undelivered: 'failed', // after reaching a carrier
  rejected: 'failed',
};

/**
 * Keywords that Plivo's do-not-disturb service answers and applies to its list.
 * https://www.plivo.com/docs/messaging/concepts/dnd-service
 */
export const PLIVO_WORDS = {
  stop: ['stop', 'stop all', 'end', 'quit', 'cancel', 'unsub', 'unsubscribe'],
  start: ['start', 'yes', 'unstop', 'resume', 'resume all', 'go'],
  help: ['help', 'info'],
};

/**
 * Plivo's status updates and inbound SMS, as a form or, if so configured, in the query.
 *
 * @see https://www.plivo.com/docs/messaging/api/message/message-status-callbacks
 */
export function plivoCallbacks({ authToken, answersOptOuts }: PlivoSettings): CallbackReader {
  return {
    isSigned: (request) => isPlivoSigned(request, authToken),
    secretOf: (request) => (isSignedInFull(request) ? undefined : 'beside'),
    nonceOf: plivoNonce,
    readStatus: (request) => readStatus(callbackFields(request)),
    readInbound: (request) => readInbound(callbackFields(request), answersOptOuts !== false),
    // Plivo sends XML in the response as a reply; an empty document sends none.
    answer: { contentType: 'application/xml', body: '<Response></Response>' },
  };
}

function readStatus(fields: Fields): readonly DeliveryReport[] {
  const vendorMessageId = required(fields, 'MessageUUID');
  const word = required(fields, 'Status').toLowerCase();
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) return [];
  const at = vendorDate(
    fields.get('DeliveryReportTime') || fields.get('SentTime') || fields.get('QueuedTime'),
  );
  const report = { vendorMessageId, reference: null, status, at };
  if (status !== 'failed') return [{ ...report, reason: null, vendorCode: null }];
  const code = fields.get('ErrorCode') || '000';
  const known = Object.hasOwn(PLIVO_REPORT_CODES, code) ? PLIVO_REPORT_CODES[code] : undefined;
  return [{ ...report, reason: known ?? 'undelivered', vendorCode: code === '000' ? word : code }];
}

function readInbound(fields: Fields, answers: boolean): readonly InboundSms[] {
  const from = e164(required(fields, 'From'));
  const text = fields.get('Text');
  if (from === undefined || text === undefined) return [];
  const takenFor = answers ? vendorWord(PLIVO_WORDS, text) : undefined;
  return [
    {
      ...{ from, to: fields.get('To') ?? null, text, vendorMessageId: fields.get('MessageUUID') ?? null },
      ...(takenFor ? { takenFor } : {}),
    },
  ];
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw new UnreadableCallback(`${name} is missing.`);
  return value;
}
