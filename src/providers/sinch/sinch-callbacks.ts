import type { Reason } from '../../domain/reason.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { SinchSettings } from './sinch-settings.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundSms,
} from '../callback.js';
import { e164 } from '../e164.js';
import { isObject, jsonObject } from '../vendor-request.js';
import { isSinchSigned, sinchNonce } from './sinch-signature.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * `status` of a delivery report, with the default reason of a failure.
 * https://developers.sinch.com/docs/sms/api-reference/sms/delivery-reports
 */
export const SINCH_REPORTS: Readonly<
  Record<string, { readonly status: DeliveryReportStatus; readonly reason?: Reason }>
> = {
  Queued: { status: 'accepted' },
  Dispatched: { status: 'accepted' },
  Unknown: { status: 'accepted' }, // the carrier accepted it and reported nothing further
  Delivered: { status: 'delivered' },
  Aborted: { status: 'failed', reason: 'undelivered' },
  Cancelled: { status: 'failed', reason: 'undelivered' },
  Rejected: { status: 'failed', reason: 'undelivered' },
  Failed: { status: 'failed', reason: 'undelivered' },
  Expired: { status: 'failed', reason: 'undelivered' },
  Deleted: { status: 'failed', reason: 'number_unreachable' }, // number does not exist or blocks our SMS
};

/**
 * `code` of a delivery report: Sinch's own from 400, the networks' SMPP codes below. For other codes, the status
 * applies. https://developers.sinch.com/docs/sms/api-reference/sms/delivery-reports/delivery-report-error-codes
 * https://developers.sinch.com/docs/sms/smpp/error-codes
 */
export const SINCH_DELIVERY_CODES: Readonly<Record<number, Reason>> = {
  // Number
  9: 'number_unreachable', // unsupported numbering plan
  10: 'number_unreachable', // unsupported type of number
  61: 'number_unreachable', // destination blocked
  100: 'number_unreachable', // unidentified subscriber
  150: 'number_unreachable', // unknown subscriber
  151: 'number_unreachable', // barred
  152: 'number_unreachable', // cannot receive SMS
  153: 'number_unreachable', // absent
  154: 'number_unreachable', // no SMS while roaming
  159: 'number_unreachable', // not reachable
  200: 'number_unreachable', // unidentified subscriber
  201: 'number_unreachable', // absent
  202: 'number_unreachable', // absent
  204: 'number_unreachable', // the SIM cannot receive SMS
  205: 'number_unreachable', // illegal subscriber
  206: 'number_unreachable', // illegal equipment
  300: 'number_unreachable', // invalid address
  301: 'number_unreachable', // invalid numbering plan
  302: 'number_unreachable', // invalid type of number
  402: 'number_unreachable', // no route to the number
  412: 'country_not_allowed', // region not enabled for the account
  // Recipient
  254: 'opted_out', // barred by the recipient's allow list
  255: 'opted_out', // barred by the recipient
  // Message
  62: 'message_refused', // contains a blocked word
  405: 'message_refused', // a placeholder without a value
  408: 'message_refused', // rejected by the SMS centre
  343: 'message_too_large', // invalid length
  411: 'message_too_large', // more parts than the account allows
  404: 'undelivered', // temporary failure
  406: 'undelivered', // expired before dispatch
  407: 'undelivered', // cancelled
  // Account and settings
  64: 'provider_over_quota', // quota exceeded
  60: 'provider_misconfigured', // sender blocked
  310: 'provider_misconfigured', // invalid sender
  311: 'provider_misconfigured', // invalid sender
  312: 'provider_misconfigured', // invalid sender
  410: 'provider_misconfigured', // no sender, and no default one
  413: 'no_credit', // the account is blocked, probably for lack of credit
  // Sinch
  403: 'provider_unavailable', // internal error
};

/**
 * Verifies Sinch's signature if the service plan has a secret. Without `signatureSecret`, `callbackSecret` is the
 * signing key and is also accepted in the URL; with it, every request must be signed.
 * https://developers.sinch.com/docs/sms/api-reference/sms/webhooks
 */
export function sinchCallbacks({
  signatureSecret,
  callbackSecret,
}: Pick<SinchSettings, 'signatureSecret' | 'callbackSecret'>): CallbackReader {
  const key = signatureSecret ?? callbackSecret;
  return {
    isSigned: key === undefined ? undefined : (request) => isSinchSigned(request, key),
    ...(signatureSecret === undefined ? { secretOf: () => 'instead' as const } : {}),
    nonceOf: sinchNonce,
    readStatus,
    readInbound,
  };
}

function readStatus(request: CallbackRequest): readonly DeliveryReport[] {
  const report = typed(request);
  switch (report['type']) {
    case 'recipient_delivery_report_sms':
      return reportOf(report, report);
    case 'delivery_report_sms': {
      const { statuses } = report;
      if (!Array.isArray(statuses)) throw new UnreadableCallback('statuses are missing');
      // Our batches have a single recipient, so each status is the message's.
      return statuses.filter(isObject).flatMap((entry) => reportOf(report, entry));
    }
    default:
      return [];
  }
}

function readInbound(request: CallbackRequest): readonly InboundSms[] {
  const message = typed(request);
  const from = e164(message['from']);
  if (message['type'] !== 'mo_text' || from === undefined) return [];
  const { to, body, id } = message;
  if (typeof body !== 'string') throw new UnreadableCallback('body is missing');
  return [
    {
      from,
      to: typeof to === 'string' ? to : null,
      text: body,
      vendorMessageId: typeof id === 'string' ? id : null,
    },
  ];
}

/** @param entry the object with code and status: the report itself or an entry of its summary. */
function reportOf(report: Json, entry: Json): readonly DeliveryReport[] {
  const { batch_id: vendorMessageId, client_reference: reference } = report;
  const { status: word, code, at } = entry;
  if (typeof vendorMessageId !== 'string' || typeof word !== 'string')
    throw new UnreadableCallback('batch_id or status is missing');
  const row = Object.hasOwn(SINCH_REPORTS, word) ? SINCH_REPORTS[word] : undefined;
  if (!row) return [];
  const known = typeof code === 'number' ? code : undefined;
  const byCode = known === undefined ? undefined : SINCH_DELIVERY_CODES[known];
  return [
    {
      vendorMessageId,
      reference: typeof reference === 'string' ? reference : null,
      status: row.status,
      reason: row.reason === undefined ? null : (byCode ?? row.reason),
      vendorCode: known === undefined ? word : String(known),
      at: dateOf(at),
    },
  ];
}

function typed({ body }: CallbackRequest): Json {
  const json = jsonObject(body.toString());
  if (typeof json?.['type'] !== 'string') throw new UnreadableCallback('type is missing');
  return json;
}

function dateOf(value: unknown): Date | null {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
