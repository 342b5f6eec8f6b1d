/**
 * Schema of `CreateMessage` of the Messages resource for SMS.
 *
 * Reduced from https://github.com/twilio/twilio-oai, `spec/json/twilio_api_v2010.json`, version 1.0.0, release of
 * 14 April 2026: `CreateMessageRequest`. The limits of `Body` and `ValidityPeriod` are in the descriptions there.
 * Forms contain only strings, so numbers are converted before validation.
 */
export const TWILIO_CREATE_MESSAGE = {
  type: 'object',
  properties: {
    To: { type: 'string', pattern: '^\\+[1-9]\\d{1,14}$' },
    From: { type: 'string', minLength: 1 },
    MessagingServiceSid: { type: 'string', pattern: '^MG[0-9a-fA-F]{32}$' },
    Body: { type: 'string', minLength: 1, maxLength: 1_600 },
    StatusCallback: { type: 'string', format: 'uri', pattern: '^https?://[^/_]+/', maxLength: 4_000 },
    ValidityPeriod: { type: 'integer', minimum: 1, maximum: 36_000 },
  },
  required: ['To'],
  anyOf: [{ required: ['From'] }, { required: ['MessagingServiceSid'] }],
  additionalProperties: false,
} as const;

/** Schema of the query of the message list: `ListMessage` of the same document. */
export const TWILIO_LIST_MESSAGES = {
  type: 'object',
  properties: {
    To: { type: 'string', pattern: '^\\+[1-9]\\d{1,14}$' },
    From: { type: 'string' },
    PageSize: { type: 'integer', minimum: 1, maximum: 1_000 },
    Page: { type: 'integer', minimum: 0 },
    PageToken: { type: 'string' },
  },
  additionalProperties: false,
} as const;
