import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * Schema of `POST /sms/json` for SMS, reduced by hand from `NewMessage` of Vonage's OpenAPI document
 * `definitions/sms.yml`, SMS API 1.0.10 (github.com/Nexmo/api-specification). Requests for other kinds of messages and
 * signed requests are omitted and therefore refused.
 */
const NEW_MESSAGE = {
  type: 'object',
  required: ['api_key', 'api_secret', 'from', 'to', 'text'],
  additionalProperties: false,
  properties: {
    api_key: { type: 'string', minLength: 8, maxLength: 8 },
    api_secret: { type: 'string', minLength: 6, maxLength: 32 },
    from: { type: 'string', minLength: 1, pattern: '^[^+]' },
    to: { type: 'string', minLength: 7, maxLength: 15, pattern: '^\\d{7,15}$' },
    text: { type: 'string', minLength: 1 },
    ttl: { type: 'integer', minimum: 20_000, maximum: 604_800_000 },
    'status-report-req': { type: 'boolean' },
    callback: { type: 'string', format: 'uri', pattern: '^https?://' },
    type: { type: 'string', enum: ['text', 'unicode'] },
    'client-ref': { type: 'string', minLength: 1, maxLength: 40 },
    'entity-id': { type: 'string' },
    'content-id': { type: 'string' },
  },
} as const;

/**
 * Schema of `GET /v2/reports/records` for SMS by time, reduced by hand from `definitions/reports.yml` of the same
 * repository, Reports API 2.1.17; `to`, `cursor` and `iv` are from the newer request of Vonage's .NET SDK
 * (`Vonage/Reports/LoadRecords/LoadRecordsRequest.cs`).
 */
const RECORDS_QUERY = {
  type: 'object',
  required: ['account_id', 'product', 'direction', 'date_start', 'date_end'],
  additionalProperties: false,
  properties: {
    account_id: { type: 'string', minLength: 8, maxLength: 8 },
    product: { const: 'SMS' },
    direction: { enum: ['inbound', 'outbound'] },
    date_start: { type: 'string', format: 'date-time' },
    date_end: { type: 'string', format: 'date-time' },
    to: { type: 'string', pattern: '^\\d{7,15}$' },
    cursor: { type: 'string' },
    iv: { type: 'string' },
  },
} as const;

// Forms and queries contain only strings.
const ajv = addFormats.default(new Ajv({ coerceTypes: true, strict: true }));
const newMessage = ajv.compile(NEW_MESSAGE);
const recordsQuery = ajv.compile(RECORDS_QUERY);

/** The first fault in the fields of an SMS; undefined: none. */
export const objectionToText = (fields: object): ErrorObject | undefined => objection(newMessage, fields);
export const objectionToQuery = (fields: object): ErrorObject | undefined => objection(recordsQuery, fields);

function objection(validate: ValidateFunction, fields: object): ErrorObject | undefined {
  return validate({ ...fields }) ? undefined : validate.errors?.[0];
}
