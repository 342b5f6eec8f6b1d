import {
  DELIVERY_REPORT_STATUSES,
  type DeliveryReport,
  type DeliveryReportStatus,
} from '../../domain/delivery-report.js';
import { REASONS, type Reason } from '../../domain/reason.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundSms,
} from '../callback.js';
import { jsonObject } from '../vendor-request.js';

const REFERENCE = /^(.+)-\d+$/;

/**
 * Callbacks of a simulated vendor, for rehearsing a whole flow; authenticated by `callbackSecret`.
 *
 * - `status`: `{"id":"sandbox-<deliveryId>","status":"delivered"}`, or `reference` (`<deliveryId>-<attempt>`) instead
 * of `id`; `status` is `accepted`, `delivered` or `failed`. `code` is any word; one of the ledger's reasons
 * (`opted_out`) becomes the reason.
 * - `inbound`: `{"from":"+14155550100","text":"STOP","id":"any"}`; `id` is optional.
 */
export const sandboxCallbacks: CallbackReader = {
  readStatus: (request): DeliveryReport[] => {
    const { id, reference, status, code } = fieldsOf(request);
    const vendorMessageId = id ?? (reference && `sandbox-${REFERENCE.exec(reference)?.[1] ?? ''}`);
    if (vendorMessageId === undefined || !isStatus(status)) throw new UnreadableCallback();
    const reason = status === 'failed' && isReason(code) ? code : null;
    return [
      { vendorMessageId, reference: reference ?? null, status, reason, vendorCode: code ?? null, at: null },
    ];
  },
  readInbound: (request): InboundSms[] => {
    const { from, text, id } = fieldsOf(request);
    if (from === undefined || text === undefined) throw new UnreadableCallback();
    return [{ from, to: null, text, vendorMessageId: id ?? null }];
  },
};

type Field = 'id' | 'reference' | 'status' | 'code' | 'from' | 'text';

function fieldsOf({ method, body }: CallbackRequest): Partial<Record<Field, string>> {
  const object = method === 'POST' ? jsonObject(body.toString('utf8')) : undefined;
  if (!object) throw new UnreadableCallback();
  return Object.fromEntries(Object.entries(object).filter(([, value]) => typeof value === 'string'));
}

function isStatus(value: string | undefined): value is DeliveryReportStatus {
  return DELIVERY_REPORT_STATUSES.some((status) => status === value);
}

function isReason(value: string | undefined): value is Reason {
  return value !== undefined && Object.hasOwn(REASONS, value);
}
