import type { Reason } from '../../domain/reason.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { HttpReportSettings, HttpReportStatus } from './http-mapping-settings.js';
import type { HttpSmsSettings } from './http-settings.js';
import { UnreadableCallback, type CallbackReader, type InboundSms } from '../callback.js';
import { asCode } from './answer-field.js';
import { readItems, valuesOf, type CallbackFields } from './callback-fields.js';
import { COMMON_NAMES, STATUS_WORDS } from './report-words.js';

type Meaning = readonly [DeliveryReportStatus, Reason | null];

/**
 * Kannel's delivery report bits; 34 (expired) and 66 (unknown) have two, of which the first match counts. See Kannel's
 * user guide, "Delivery reports", and `gw/dlr.h` in its source.
 */
const KANNEL_BITS: readonly (readonly [number, Meaning])[] = [
  [1, ['delivered', null]],
  [2, ['failed', 'undelivered']],
  [16, ['failed', 'message_refused']], // by the SMS centre
  [8, ['accepted', null]], // by the SMS centre
  [4, ['accepted', null]], // waits in the SMS centre
];

/** Maximum further ids of a report with several candidate fields. */
const MAX_OTHER_IDS = 4;
/** Maximum messages in a report. */
const MAX_MESSAGES = 1_000;

type Names = string | readonly string[] | undefined;
type Mapping = Pick<HttpSmsSettings, 'report' | 'reply' | 'callbackAnswer'>;

/**
 * Callbacks of a gateway with an HTTP API. `report` and `reply` name the fields; common names are tried for the others.
 *
 * A report has `id` (the gateway's) or `reference` (ours), a status or Kannel's numeric `type`, and optionally a code.
 * A reply has `from` and `text`, and optionally `to` and `id`.
 */
export function httpCallbacks({ report, reply, callbackAnswer }: Mapping): CallbackReader {
  const statuses = meaningsOf(report.statuses);
  const codes = meaningsOf(report.codes);

  const reportOf = (fields: CallbackFields): DeliveryReport | undefined => {
    const [reference] = values(fields, 'reference', report.reference);
    const [id = reference, ...others] = new Set(values(fields, 'id', report.id));
    const otherIds = others.slice(0, MAX_OTHER_IDS);
    if (id === undefined) throw new UnreadableCallback('The report has no message id.');
    const [code] = values(fields, 'code', report.code);
    const meaning = statusIn(fields);
    if (meaning === 'ignored') return undefined;
    const [status, reason] = typeof meaning === 'string' ? meaningOf(meaning) : meaning;
    const told = code === undefined ? undefined : codes.get(keyOf(code));
    return {
      vendorMessageId: id,
      ...(otherIds.length > 0 ? { otherIds } : {}),
      reference: reference ?? null,
      status,
      reason: status === 'failed' && told !== undefined ? told : reason,
      vendorCode: asCode(code) ?? null,
      at: null,
    };
  };

  const statusIn = (fields: CallbackFields): HttpReportStatus | Meaning => {
    for (const status of values(fields, 'status', report.status)) {
      const meaning = statuses.get(keyOf(status)) ?? wordOf(status);
      if (meaning !== undefined) return meaning;
    }
    if (report.status === undefined) {
      const [type = ''] = valuesOf(fields, ['type'], true);
      const known = /^\d{1,3}$/.test(type) && KANNEL_BITS.find(([bit]) => (Number(type) & bit) !== 0);
      if (known) return known[1];
    }
    const others = statuses.get('*');
    if (others !== undefined) return others;
    throw new UnreadableCallback('The report has an unknown status.');
  };

  return {
    readStatus: (request) =>
      readItems(request, report.items)
        .flatMap((fields) => splitReport(fields, report))
        .flatMap((fields) => reportOf(fields) ?? []),
    readInbound: (request) =>
      readItems(request, reply.items).map((fields): InboundSms => {
        const from = numberOf(values(fields, 'from', reply.from)[0] ?? '');
        const [text] = values(fields, 'text', reply.text);
        if (from === undefined || (text === undefined && !hasEmpty(fields, reply.text)))
          throw new UnreadableCallback('The reply has no text or no from with a country code.');
        const [to = null] = values(fields, 'to', reply.to);
        const [vendorMessageId = null] = values(fields, 'id', reply.id);
        return { from, to, text: text ?? '', vendorMessageId };
      }),
    // Some gateways forward the response to the sender.
    answer: { contentType: 'text/plain; charset=utf-8', body: callbackAnswer },
  };
}

function values(fields: CallbackFields, field: keyof typeof COMMON_NAMES, names: Names): readonly string[] {
  return names === undefined
    ? valuesOf(fields, COMMON_NAMES[field], false)
    : valuesOf(fields, [names].flat(), true);
}

/** Whether the text field is present but empty. */
function hasEmpty(fields: CallbackFields, names: Names): boolean {
  const wanted = new Set([names ?? COMMON_NAMES.text].flat().map((name) => name.toLowerCase()));
  for (let scope: CallbackFields | undefined = fields; scope; scope = scope.around) {
    if (scope.own.some(({ path, value }) => value === '' && wanted.has(path))) return true;
  }
  return false;
}

/** Splits a report about several messages: fields with as many values as there are ids are distributed. */
function splitReport(
  fields: CallbackFields,
  { separator, id }: Pick<HttpReportSettings, 'separator' | 'id'>,
): readonly CallbackFields[] {
  if (separator === undefined) return [fields];
  const count = values(fields, 'id', id)[0]?.split(separator).length ?? 1;
  if (count > MAX_MESSAGES) throw new UnreadableCallback('The report has too many ids.');
  const own = fields.own.map((field) => ({ field, parts: field.value.split(separator) }));
  return Array.from({ length: count }, (_, index) => ({
    own: own.map(({ field, parts }) =>
      parts.length === count ? { ...field, value: (parts[index] ?? '').trim() } : field,
    ),
    around: fields.around,
  }));
}

function meaningsOf<T extends string>(given: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(given).map(([key, meaning]) => [keyOf(key), meaning]));
}

/** Normalizes statuses and codes for comparison: YAML reads 004 as the number 4. */
function keyOf(value: string): string {
  const key = value.trim().toLowerCase();
  return /^\d+$/.test(key) ? key.replace(/^0+(?=\d)/, '') : key;
}

const wordOf = (status: string): HttpReportStatus | undefined =>
  STATUS_WORDS.get(status.toLowerCase().replace(/[^a-z0-9]/g, ''));

function meaningOf(status: Exclude<HttpReportStatus, 'ignored'>): Meaning {
  if (status === 'accepted' || status === 'delivered') return [status, null];
  return ['failed', status === 'failed' ? 'undelivered' : status];
}

/** Converts to E.164, including 0049 and 49 for +49. */
function numberOf(value: string): string | undefined {
  // An unencoded plus has been decoded as a space.
  const digits = /^(?:\+|00| )?([1-9]\d{6,14})$/.exec(value)?.[1];
  return digits === undefined ? undefined : `+${digits}`;
}
