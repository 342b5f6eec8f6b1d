import type { Reason } from '../../domain/reason.js';
import type { Receipt, ReceiptStatus } from '../../domain/receipt.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundText,
} from '../callback.js';
import { isObject } from '../vendor-request.js';

type Meaning = readonly [ReceiptStatus, Reason | null];

const STATUSES: Readonly<Record<string, Meaning>> = {
  accepted: ['accepted', null],
  delivered: ['delivered', null],
  failed: ['failed', 'undelivered'],
};

/**
 * Kannel's delivery reports are bits, of which 34 (expired) and 66 (unknown) have two; the first that is set counts.
 * Kannel's user guide, "Delivery reports", and `gw/dlr.h` of its source.
 */
const KANNEL_BITS: readonly (readonly [number, Meaning])[] = [
  [1, ['delivered', null]],
  [2, ['failed', 'undelivered']],
  [16, ['failed', 'message_refused']], // by the SMS centre
  [8, ['accepted', null]], // by the SMS centre
  [4, ['accepted', null]], // waits in the SMS centre
];

/**
 * The callbacks of a gateway that can be told what to call: fields of ours in the query, a form or JSON (an object, or
 * a list of them).
 *
 * A receipt has `id` (the gateway's) or `reference` (ours), `status` (`accepted`, `delivered`, `failed`) or Kannel's
 * number as `type`, and may have `code`. A reply has `from` and `text`, and may have `to` and `id`.
 */
export const httpCallbacks: CallbackReader = {
  readStatus: (request) => readFields(request).map(receiptOf),
  readInbound: (request) => readFields(request).map(textOf),
  // Some gateways send what they are answered to whoever wrote.
  answer: { contentType: 'text/plain; charset=utf-8', body: '' },
};

type Fields = ReadonlyMap<string, string>;

function receiptOf(fields: Fields): Receipt {
  const reference = fields.get('reference') ?? null;
  const id = fields.get('id') ?? reference;
  if (id === null) throw new UnreadableCallback('A receipt has to have id or reference.');
  const [status, reason] = meaningOf(fields);
  return { vendorMessageId: id, reference, status, reason, vendorCode: fields.get('code') ?? null, at: null };
}

function meaningOf(fields: Fields): Meaning {
  const status = (fields.get('status') ?? '').toLowerCase();
  if (Object.hasOwn(STATUSES, status)) return STATUSES[status] as Meaning;
  const type = fields.get('type') ?? '';
  const known = /^\d{1,3}$/.test(type) && KANNEL_BITS.find(([bit]) => (Number(type) & bit) !== 0);
  if (known) return known[1];
  throw new UnreadableCallback("A receipt's status has to be accepted, delivered or failed.");
}

function textOf(fields: Fields): InboundText {
  const from = numberOf(fields.get('from') ?? '');
  const text = fields.get('text');
  if (from === undefined || text === undefined)
    throw new UnreadableCallback('A reply has to have from, a number with its country code, and text.');
  return { from, to: fields.get('to') ?? null, text, vendorMessageId: fields.get('id') ?? null };
}

/** In E.164, also where the gateway writes 0049 or 49 for +49. */
function numberOf(value: string): string | undefined {
  // A plus that was not percent-encoded is a blank by now.
  const digits = /^(?:\+|00| )?([1-9]\d{6,14})$/.exec(value)?.[1];
  return digits === undefined ? undefined : `+${digits}`;
}

/** What each receipt or reply of a request says; the body goes before the query. @throws UnreadableCallback */
function readFields({ query, headers, body }: CallbackRequest): Fields[] {
  const shared = [...query];
  const type = headers['content-type']?.toLowerCase().split(';')[0]?.trim() ?? '';
  if (body.length === 0) return [fieldsOf(shared)];
  if (type === 'application/x-www-form-urlencoded')
    return [fieldsOf([...shared, ...new URLSearchParams(body.toString())])];
  if (!/[/+]json$/.test(type)) return [fieldsOf(shared)];
  const items: readonly unknown[] = [parse(body)].flat();
  return items.map((item) => {
    if (!isObject(item)) throw new UnreadableCallback('The body is no JSON object, nor a list of them.');
    return fieldsOf([...shared, ...Object.entries(item)]);
  });
}

/** Empty fields are as good as none, but for a reply without words. */
function fieldsOf(entries: readonly (readonly [string, unknown])[]): Fields {
  return new Map(
    entries.flatMap(([key, value]) => {
      const text = typeof value === 'number' ? String(value) : value;
      return typeof text === 'string' && (text !== '' || key === 'text') ? [[key, text] as const] : [];
    }),
  );
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new UnreadableCallback('The body is no JSON.');
  }
}
