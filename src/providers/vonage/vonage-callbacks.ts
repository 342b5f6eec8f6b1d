import { createHash, createHmac } from 'node:crypto';
import type { Reason } from '../../domain/reason.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { VonageSettings } from './vonage-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundSms,
} from '../callback.js';
import { callbackFields } from '../callback-fields.js';
import { e164 } from '../e164.js';
import { sameBytes } from '../same-bytes.js';
import { vendorDate } from '../vendor-date.js';
import { VONAGE_REPORT_CODES } from './vonage-errors.js';

type Fields = ReadonlyMap<string, string>;

/** Maximum age or clock difference of signed callbacks. */
const TOLERANCE_SECONDS = 300;

const STATUSES: Readonly<Record<string, DeliveryReportStatus>> = {
  accepted: 'accepted',
  buffered: 'accepted', // queued by the carrier
  unknown: 'accepted', // no useful information
  delivered: 'delivered',
  expired: 'failed',
  failed: 'failed',
  rejected: 'failed',
  deleted: 'failed',
};

/** Reasons of failures without a known `err-code`. */
const REASONS_OF_STATUS: Readonly<Record<string, Reason>> = { rejected: 'message_refused' };

/**
 * Vonage's delivery reports and inbound SMS by GET, form or JSON, depending on the account.
 *
 * An SMS of several parts has a delivery report for each, with its own id and a common `client-ref`.
 *
 * @see https://developer.vonage.com/en/api/sms
 */
export function vonageCallbacks({ signatureSecret, signatureMethod }: VonageSettings): CallbackReader {
  return {
    isSigned:
      signatureSecret === undefined
        ? undefined
        : (request) => isSigned(request, signatureSecret, signatureMethod),
    readStatus: (request) => readStatus(callbackFields(request)),
    readInbound: (request) => readInbound(callbackFields(request)),
  };
}

function readStatus(fields: Fields): readonly DeliveryReport[] {
  const vendorMessageId = required(fields, 'messageId');
  const word = required(fields, 'status').toLowerCase();
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) return [];
  const at = vendorDate(fields.get('message-timestamp'));
  const report = { vendorMessageId, reference: fields.get('client-ref') ?? null, status, at };
  if (status !== 'failed') return [{ ...report, reason: null, vendorCode: null }];
  const code = fields.get('err-code') ?? '0';
  const known = Object.hasOwn(VONAGE_REPORT_CODES, code) ? VONAGE_REPORT_CODES[code] : undefined;
  const reason = known ?? REASONS_OF_STATUS[word] ?? 'undelivered';
  return [{ ...report, reason, vendorCode: code === '0' ? word : code }];
}

function readInbound(fields: Fields): readonly InboundSms[] {
  const from = e164(required(fields, 'msisdn'));
  const text = fields.get('text');
  // Binary messages have `data` instead of `text`.
  if (from === undefined || text === undefined) return [];
  return [{ from, to: fields.get('to') ?? null, text, vendorMessageId: fields.get('messageId') ?? null }];
}

function required(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw new UnreadableCallback(`${name} is missing.`);
  return value;
}

/** @see https://developer.vonage.com/en/getting-started/concepts/signing-messages */
function isSigned(
  request: CallbackRequest,
  secret: string,
  method: VonageSettings['signatureMethod'],
): boolean {
  let fields: Fields;
  try {
    fields = callbackFields(request);
  } catch (error) {
    if (error instanceof UnreadableCallback) return false;
    throw error;
  }
  const signature = fields.get('sig') ?? '';
  const timestamp = fields.get('timestamp') ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  return sameBytes(Buffer.from(signature, 'hex'), signatureOf(fields, secret, method));
}

/** Signs the parameters, sorted by name, each as `&name=value` with `&` and `=` in the value replaced by `_`. */
function signatureOf(fields: Fields, secret: string, method: VonageSettings['signatureMethod']): Buffer {
  const signed = [...fields]
    .filter(([name]) => name !== 'sig')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `&${name}=${value.replace(/[&=]/g, '_')}`)
    .join('');
  if (method !== 'md5hash') return createHmac(method, secret).update(signed).digest();
  return createHash('md5').update(`${signed}${secret}`).digest();
}
