/**
 * Schema of a `POST /xms/v1/{service_plan_id}/batches` with one SMS.
 *
 * Reduced from Sinch's SMS API, OpenAPI document version v1, from which https://github.com/sinch/sinch-sdk-java and
 * https://github.com/sinch/sinch-sdk-node (July 2026) are generated: `TextRequest`. Its description requires `expire_at`
 * to be at most three days ahead, which the server checks. The lengths are from the table in
 * https://github.com/sinch/docs, `docs/sms/sms-guide.md`.
 */
export const SINCH_TEXT_REQUEST = {
  type: 'object',
  properties: {
    to: {
      type: 'array',
      minItems: 1,
      maxItems: 1_000,
      items: { type: 'string', pattern: '^\\+?[1-9]\\d{6,14}$' },
    },
    from: { type: 'string', minLength: 1 },
    body: { type: 'string', minLength: 1, maxLength: 2_000 },
    type: { const: 'mt_text' },
    delivery_report: { enum: ['none', 'summary', 'full', 'per_recipient', 'per_recipient_final'] },
    expire_at: { type: 'string', format: 'date-time' },
    callback_url: { type: 'string', format: 'uri', maxLength: 2_048 },
    client_reference: { type: 'string', maxLength: 128 },
    parameters: {
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z0-9._-]{1,16}$' },
      additionalProperties: {
        type: 'object',
        properties: { default: { type: 'string', maxLength: 160 } },
        additionalProperties: { type: 'string', maxLength: 160 },
      },
    },
  },
  required: ['to', 'body'],
  additionalProperties: false,
} as const;
