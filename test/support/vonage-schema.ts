import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * What `POST /sms/json` takes, as far as texts go: reduced by hand from `NewMessage` of Vonage's OpenAPI document
 * `definitions/sms.yml`, SMS API 1.0.10 (github.com/Nexmo/api-specification). Requests for other kinds of messages,
 * and signed ones, are left out; what is left out is refused.
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
 * What `GET /v2/reports/records` takes for SMS by time: reduced by hand from the same repository's
 * `definitions/reports.yml`, Reports API 2.1.17, and, for `to`, `cursor` and `iv`, from the request of Vonage's .NET
 * SDK (`Vonage/Reports/LoadRecords/LoadRecordsRequest.cs`), which is younger.
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

// Forms and queries know no numbers.
const ajv = addFormats.default(new Ajv({ coerceTypes: true, strict: true }));
const newMessage = ajv.compile(NEW_MESSAGE);
const recordsQuery = ajv.compile(RECORDS_QUERY);

/** The first thing that is wrong with the fields of a text; undefined: nothing. */
export const objectionToText = (fields: object): ErrorObject | undefined => objection(newMessage, fields);
export const objectionToQuery = (fields: object): ErrorObject | undefined => objection(recordsQuery, fields);

function objection(validate: ValidateFunction, fields: object): ErrorObject | undefined {
  return validate({ ...fields }) ? undefined : validate.errors?.[0];
}
