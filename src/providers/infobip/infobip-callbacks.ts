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

/** The groups of statuses, by their id. */
export const INFOBIP_GROUPS: Readonly<Record<number, DeliveryReportStatus>> = {
  0: 'accepted', // ACCEPTED
  1: 'accepted', // PENDING
  2: 'failed', // UNDELIVERABLE
  3: 'delivered', // DELIVERED
  4: 'failed', // EXPIRED
  5: 'failed', // REJECTED
};

/** Statuses that say less than their group does: nothing is known of the phone. */
export const INFOBIP_EXCEPTIONS: Readonly<Record<number, DeliveryReportStatus>> = {
  2: 'accepted', // DELIVERED_TO_OPERATOR
  29: 'accepted', // EXPIRED_DLR_UNKNOWN: the operator has it, and never said more
};

/**
 * Infobip signs nothing that it posts to an address given with the message: `callbackSecret` is asked for. (Its
 * Subscriptions API can sign, for addresses that are set up there.)
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
    const normal = INFOBIP_EXCEPTIONS[status.id] ?? INFOBIP_GROUPS[status.groupId];
    if (normal === undefined) return [];
    const fault = networkFault(error);
    return [
      {
        vendorMessageId: messageId,
        reference: typeof callbackData === 'string' ? callbackData : null,
        status: normal,
        reason: normal === 'failed' ? reasonOf(status, fault) : null,
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

/** Undefined where there is none: `NO_ERROR` is said by its group. */
function networkFault(error: unknown): InfobipStatus | undefined {
  const fault = infobipStatus(error);
  return fault && fault.groupId !== 0 ? fault : undefined;
}

/** What the network says is closer to the phone than what the platform makes of it. */
function reasonOf(status: InfobipStatus, fault: InfobipStatus | undefined): Reason {
  const told = fault && INFOBIP_ERRORS[fault.id];
  return told ?? reportReason(INFOBIP_STATUSES[status.id]);
}

function resultsOf({ body }: CallbackRequest): readonly Readonly<Record<string, unknown>>[] {
  const results = jsonObject(body.toString())?.['results'];
  if (!Array.isArray(results) || !results.every(isObject))
    throw new UnreadableCallback('results are missing');
  return results;
}

/** `2026-01-02T03:04:05.678+0000`: the offset lacks the colon that ISO 8601 has in this form. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const date = new Date(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? null : date;
}
