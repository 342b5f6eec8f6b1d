import type { Reason } from '../../domain/reason.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundSms,
} from '../callback.js';
import { e164 } from '../e164.js';
import { reportReason } from '../report-reason.js';
import { isObject, jsonObject } from '../vendor-request.js';
import { INFOBIP_ERRORS, INFOBIP_STATUSES } from './infobip-errors.js';
import { infobipStatus, type InfobipStatus } from './infobip-status.js';

/** Status groups by id. */
export const INFOBIP_GROUPS: Readonly<Record<number, DeliveryReportStatus>> = {
  0: 'accepted', // ACCEPTED
  1: 'accepted', // PENDING
  2: 'failed', // UNDELIVERABLE
  3: 'delivered', // DELIVERED
  4: 'failed', // EXPIRED
  5: 'failed', // REJECTED
};

/** Statuses that differ from their group: the phone's state is unknown. */
export const INFOBIP_EXCEPTIONS: Readonly<Record<number, DeliveryReportStatus>> = {
  2: 'accepted', // DELIVERED_TO_OPERATOR
  29: 'accepted', // EXPIRED_DLR_UNKNOWN: the operator accepted it and reported nothing further
};

/**
 * Infobip does not sign requests to a URL given with the message, so `callbackSecret` is required. (Its Subscriptions
 * API can sign, for URLs configured there.)
 *
 * https://www.infobip.com/docs/api/channels/sms/sms-messaging/logs-and-status-reports
 */
export const infobipCallbacks: CallbackReader = { readStatus, readInbound };

function readStatus(request: CallbackRequest): readonly DeliveryReport[] {
  return resultsOf(request).flatMap((result) => {
    const { messageId, callbackData, status: said, error, doneAt } = result;
    const status = infobipStatus(said);
    if (typeof messageId !== 'string' || !status)
      throw new UnreadableCallback('messageId or status is missing');
    const reported = INFOBIP_EXCEPTIONS[status.id] ?? INFOBIP_GROUPS[status.groupId];
    if (reported === undefined) return [];
    const fault = networkFault(error);
    return [
      {
        vendorMessageId: messageId,
        reference: typeof callbackData === 'string' ? callbackData : null,
        status: reported,
        reason: reported === 'failed' ? reasonOf(status, fault) : null,
        vendorCode: fault?.code ?? status.code,
        at: dateOf(doneAt),
      },
    ];
  });
}

/** https://www.infobip.com/docs/api/channels/sms/inbound-sms/receive-inbound-sms-messages */
function readInbound(request: CallbackRequest): readonly InboundSms[] {
  return resultsOf(request).flatMap(({ from: sender, to, text, messageId }) => {
    const from = e164(sender);
    if (from === undefined) return [];
    return [
      {
        from,
        to: typeof to === 'string' ? to : null,
        text: typeof text === 'string' ? text : '',
        vendorMessageId: typeof messageId === 'string' ? messageId : null,
      },
    ];
  });
}

/** Undefined for `NO_ERROR`, identified by its group. */
function networkFault(error: unknown): InfobipStatus | undefined {
  const fault = infobipStatus(error);
  return fault && fault.groupId !== 0 ? fault : undefined;
}

/** The network's error is more specific than the platform's status. */
function reasonOf(status: InfobipStatus, fault: InfobipStatus | undefined): Reason {
  const byNetwork = fault && INFOBIP_ERRORS[fault.id];
  return byNetwork ?? reportReason(INFOBIP_STATUSES[status.id]);
}

function resultsOf({ body }: CallbackRequest): readonly Readonly<Record<string, unknown>>[] {
  const results = jsonObject(body.toString())?.['results'];
  if (!Array.isArray(results) || !results.every(isObject))
    throw new UnreadableCallback('results are missing');
  return results;
}

/** Parses `2026-01-02T03:04:05.678+0000`: the offset lacks ISO 8601's colon. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const date = new Date(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? null : date;
}
