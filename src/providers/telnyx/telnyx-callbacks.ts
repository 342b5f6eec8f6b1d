import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { TelnyxSettings } from './telnyx-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundSms,
} from '../callback.js';
import { e164 } from '../e164.js';
import { vendorDate } from '../vendor-date.js';
import { isObject, jsonObject } from '../vendor-request.js';
import { vendorKind, vendorWord } from '../vendor-word.js';
import { telnyxReason } from './telnyx-errors.js';

type Fields = Readonly<Record<string, unknown>>;

/** Signed events that are older, or further ahead of us, are refused. */
const TOLERANCE_S = 300;
/** What makes 32 bytes an Ed25519 key in SPKI (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const STATUSES: Readonly<Record<string, DeliveryReportStatus>> = {
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted',
  delivery_unconfirmed: 'accepted', // the last word for carriers that report nothing
  delivered: 'delivered',
  expired: 'failed',
  sending_failed: 'failed',
  delivery_failed: 'failed',
};

/**
 * The words that Telnyx answers and keeps a list by.
 * https://support.telnyx.com/en/articles/1270091-sms-opt-out-keywords-and-stop-words
 */
export const TELNYX_WORDS = {
  stop: ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit'],
  start: ['start', 'unstop'],
  help: ['help', 'info'],
};

/**
 * Telnyx's events, which come as JSON: receipts and inbound texts to the same address, where the profile names one.
 *
 * @see https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
export function telnyxCallbacks({ publicKey, answersOptOuts }: TelnyxSettings): CallbackReader {
  const key = publicKey === undefined ? undefined : ed25519(publicKey);
  return {
    isSigned: key && ((request) => isSigned(request, key)),
    readStatus: (request) => readStatus(eventOf(request)),
    readInbound: (request) => readInbound(eventOf(request), answersOptOuts !== false),
  };
}

interface TelnyxEvent {
  readonly type: string;
  readonly occurredAt: unknown;
  readonly payload: Fields;
}

function eventOf({ body }: CallbackRequest): TelnyxEvent {
  const data = jsonObject(body.toString('utf8'))?.['data'];
  const type = isObject(data) ? data['event_type'] : undefined;
  const payload = isObject(data) ? data['payload'] : undefined;
  if (!isObject(data) || typeof type !== 'string' || !isObject(payload)) {
    throw new UnreadableCallback('The body is not an event.');
  }
  return { type, occurredAt: data['occurred_at'], payload };
}

function readStatus({ type, occurredAt, payload }: TelnyxEvent): readonly DeliveryReport[] {
  if (type !== 'message.sent' && type !== 'message.finalized') return [];
  const vendorMessageId = payload['id'];
  const to: unknown = payload['to'];
  const recipient: unknown = Array.isArray(to) ? to[0] : undefined;
  const word = isObject(recipient) ? recipient['status'] : undefined;
  if (typeof vendorMessageId !== 'string' || typeof word !== 'string') {
    throw new UnreadableCallback('The event has no id or no status.');
  }
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  if (status === undefined) return [];
  const receipt = { vendorMessageId, reference: null, status, at: vendorDate(occurredAt) };
  if (status !== 'failed') return [{ ...receipt, reason: null, vendorCode: null }];
  const code = codeOf(payload);
  return [
    { ...receipt, reason: code === undefined ? 'undelivered' : telnyxReason(code), vendorCode: code ?? word },
  ];
}

function codeOf(payload: Fields): string | undefined {
  const errors: unknown = payload['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const code = isObject(first) ? first['code'] : undefined;
  return typeof code === 'string' ? code : undefined;
}

function readInbound({ type, payload }: TelnyxEvent, answers: boolean): readonly InboundSms[] {
  if (type !== 'message.received') return [];
  const sender = isObject(payload['from']) ? payload['from']['phone_number'] : undefined;
  if (typeof sender !== 'string') throw new UnreadableCallback('The event has no sender.');
  const from = e164(sender);
  const { text, id, to } = payload;
  // A picture may come without a text.
  if (from === undefined || typeof text !== 'string') return [];
  // An event says what Telnyx answered, and null where it did not; where it says nothing, its own words do.
  const told = payload['autoresponse_type'];
  const takenFor = told === undefined && answers ? vendorWord(TELNYX_WORDS, text) : vendorKind(told);
  const recipient: unknown = Array.isArray(to) ? to[0] : undefined;
  const number = isObject(recipient) ? recipient['phone_number'] : undefined;
  return [
    {
      from,
      to: typeof number === 'string' ? number : null,
      text,
      vendorMessageId: typeof id === 'string' ? id : null,
      ...(takenFor ? { takenFor } : {}),
    },
  ];
}

function ed25519(publicKey: string): KeyObject {
  const key = Buffer.concat([ED25519_SPKI, Buffer.from(publicKey, 'base64')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function isSigned({ headers, body }: CallbackRequest, key: KeyObject): boolean {
  const timestamp = headers['telnyx-timestamp'] ?? '';
  const signature = headers['telnyx-signature-ed25519'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), body]);
  return verify(null, signed, key, Buffer.from(signature, 'base64'));
}
