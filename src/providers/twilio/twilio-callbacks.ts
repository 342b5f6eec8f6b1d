import type { OptOutKind } from '../../domain/opt-out-word.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { TwilioSettings } from './twilio-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundSms,
} from '../callback.js';
import { e164 } from '../e164.js';
import { reportReason } from '../report-reason.js';
import { TWILIO_CODES } from './twilio-errors.js';
import { isTollFree } from '../toll-free.js';
import { vendorKind, vendorWord } from '../vendor-word.js';
import { isSignedByTwilio } from './twilio-signature.js';

/**
 * `MessageStatus` of a status callback. Other values do not concern an outbound SMS.
 * https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
 */
export const TWILIO_REPORTS: Readonly<Record<string, DeliveryReportStatus>> = {
  accepted: 'accepted', // a messaging service is choosing a sender
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted', // accepted by the carrier
  delivered: 'delivered',
  read: 'delivered', // RCS and similar
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/**
 * Keywords that Twilio answers and applies to its opt-out list, unless the account disabled this.
 * https://help.twilio.com/articles/223134027
 */
export const TWILIO_WORDS = {
  stop: ['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout'],
  start: ['start', 'yes', 'unstop'],
  help: ['help', 'info'],
};
/** On toll-free numbers, YES has no effect. */
const TOLL_FREE_WORDS = { ...TWILIO_WORDS, start: ['start', 'unstop'] };
const SHORT_CODE = /^\+?\d{3,6}$/;

/** Without `authToken`, only an API key is configured, which cannot sign. */
export function twilioCallbacks({
  authToken,
  answersOptOuts,
}: Pick<TwilioSettings, 'authToken' | 'answersOptOuts'>): CallbackReader {
  return {
    isSigned: authToken === undefined ? undefined : (request) => isSignedByTwilio(authToken, request),
    readStatus,
    readInbound: (request) => readInbound(request, answersOptOuts !== false),
    // TwiML without a reply.
    answer: { contentType: 'text/xml', body: '<Response/>' },
  };
}

function readStatus(request: CallbackRequest): readonly DeliveryReport[] {
  const form = formOf(request);
  const vendorMessageId = required(form, 'MessageSid');
  const word = required(form, 'MessageStatus');
  const status = Object.hasOwn(TWILIO_REPORTS, word) ? TWILIO_REPORTS[word] : undefined;
  if (status === undefined) return [];
  const code = form.get('ErrorCode') || null;
  const reason = status === 'failed' ? reasonOf(code) : null;
  return [{ vendorMessageId, reference: null, status, reason, vendorCode: code, at: null }];
}

/** SMS from short codes and messages of other channels do not come from a recipient's phone and are ignored. */
function readInbound(request: CallbackRequest, answers: boolean): readonly InboundSms[] {
  const form = formOf(request);
  const vendorMessageId = required(form, 'MessageSid');
  const from = e164(required(form, 'From'));
  if (from === undefined) return [];
  const to = form.get('To');
  // Advanced Opt-Out has custom keywords and reports them as STOP, START or HELP.
  const text = form.get('OptOutType') || form.get('Body') || '';
  const takenFor = vendorKind(form.get('OptOutType')) ?? (answers ? defaultKind(to, text) : undefined);
  return [{ from, to, text, vendorMessageId, ...(takenFor ? { takenFor } : {}) }];
}

/** Twilio's default opt-out handling, which short codes do not have. */
function defaultKind(to: string | null, text: string): OptOutKind | undefined {
  if (to !== null && SHORT_CODE.test(to)) return undefined;
  return vendorWord(isTollFree(to) ? TOLL_FREE_WORDS : TWILIO_WORDS, text);
}

const reasonOf = (code: string | null): DeliveryReport['reason'] =>
  reportReason(code !== null && Object.hasOwn(TWILIO_CODES, code) ? TWILIO_CODES[Number(code)] : undefined);

function formOf({ method, query, body }: CallbackRequest): URLSearchParams {
  return method === 'GET' ? query : new URLSearchParams(body.toString());
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw new UnreadableCallback(`${name} is missing`);
  return value;
}
