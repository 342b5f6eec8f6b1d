import type { Receipt, ReceiptStatus } from '../../domain/receipt.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundText,
} from '../callback.js';
import { e164 } from '../e164.js';
import { receiptReason } from '../receipt-reason.js';
import { TWILIO_CODES } from './twilio-errors.js';
import { isSignedByTwilio } from './twilio-signature.js';

/**
 * `MessageStatus` of a status callback. One that is not here tells nothing of an outbound text.
 * https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
 */
export const TWILIO_RECEIPTS: Readonly<Record<string, ReceiptStatus>> = {
  accepted: 'accepted', // a messaging service looks for a sender
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted', // the carrier has it
  delivered: 'delivered',
  read: 'delivered', // RCS and its like
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/** @param authToken unset: an API key alone is configured, which signs nothing. */
export function twilioCallbacks(authToken: string | undefined): CallbackReader {
  return {
    isSigned: authToken === undefined ? undefined : (request) => isSignedByTwilio(authToken, request),
    readStatus,
    readInbound,
    // Twilio reads TwiML: this says that there is nothing to answer.
    answer: { contentType: 'text/xml', body: '<Response/>' },
  };
}

function readStatus(request: CallbackRequest): readonly Receipt[] {
  const form = formOf(request);
  const vendorMessageId = required(form, 'MessageSid');
  const word = required(form, 'MessageStatus');
  const status = Object.hasOwn(TWILIO_RECEIPTS, word) ? TWILIO_RECEIPTS[word] : undefined;
  if (status === undefined) return [];
  const code = form.get('ErrorCode') || null;
  const reason = status === 'failed' ? reasonOf(code) : null;
  return [{ vendorMessageId, reference: null, status, reason, vendorCode: code, at: null }];
}

/** A text from a short code or of another channel is none of a person's phone. */
function readInbound(request: CallbackRequest): readonly InboundText[] {
  const form = formOf(request);
  const vendorMessageId = required(form, 'MessageSid');
  const from = e164(required(form, 'From'));
  if (from === undefined) return [];
  // Advanced Opt-Out knows words of its own: STOP, START or HELP is what it took them for.
  const text = form.get('OptOutType') || form.get('Body') || '';
  return [{ from, to: form.get('To'), text, vendorMessageId }];
}

const reasonOf = (code: string | null): Receipt['reason'] =>
  receiptReason(code !== null && Object.hasOwn(TWILIO_CODES, code) ? TWILIO_CODES[Number(code)] : undefined);

function formOf({ method, query, body }: CallbackRequest): URLSearchParams {
  return method === 'GET' ? query : new URLSearchParams(body.toString());
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw new UnreadableCallback(`${name} is missing`);
  return value;
}
