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

/** Maximum age or clock difference of signed events. */
const TOLERANCE_SECONDS = 300;
/** SPKI prefix of an Ed25519 key of 32 bytes (RFC 8410). */
const ED25519_SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

const STATUSES: Readonly<Record<string, DeliveryReportStatus>> = {
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted',
  delivery_unconfirmed: 'accepted', // final for carriers that report nothing
  delivered: 'delivered',
  expired: 'failed',
  sending_failed: 'failed',
  delivery_failed: 'failed',
};

/**
 * Keywords that Telnyx answers and applies to its opt-out list.
 * https://support.telnyx.com/en/articles/1270091-sms-opt-out-keywords-and-stop-words
 */
export const TELNYX_WORDS = {
  stop: ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit'],
  start: ['start', 'unstop'],
  help: ['help', 'info'],
};

/**
 * Telnyx's JSON events: delivery reports and inbound SMS, at the same URL if the profile has one.
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
  const report = { vendorMessageId, reference: null, status, at: vendorDate(occurredAt) };
  if (status !== 'failed') return [{ ...report, reason: null, vendorCode: null }];
  const code = codeOf(payload);
  return [
    { ...report, reason: code === undefined ? 'undelivered' : telnyxReason(code), vendorCode: code ?? word },
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
  // Pictures may have no text.
  if (from === undefined || typeof text !== 'string') return [];
  // An event names Telnyx's automatic response, or null if there was none; if the field is missing, Telnyx's keywords
  // apply.
  const autoResponse = payload['autoresponse_type'];
  const takenFor =
    autoResponse === undefined && answers ? vendorWord(TELNYX_WORDS, text) : vendorKind(autoResponse);
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
  const key = Buffer.concat([ED25519_SPKI_PREFIX, Buffer.from(publicKey, 'base64')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function isSigned({ headers, body }: CallbackRequest, key: KeyObject): boolean {
  const timestamp = headers['telnyx-timestamp'] ?? '';
  const signature = headers['telnyx-signature-ed25519'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), body]);
  return verify(null, signed, key, Buffer.from(signature, 'base64'));
}
