/**
 * Schema of a `POST /sms/3/messages` with one SMS.
 *
 * Reduced from Infobip's OpenAPI Specification, version 3.210.0: `SmsRequestEnvelope` and its references. Verified
 * against the models of https://github.com/infobip/infobip-api-java-client, release 6.4.0. The specification defines no
 * format for `to`; its examples have digits in international format.
 */
export const INFOBIP_SEND_MESSAGES = {
  type: 'object',
  properties: {
    messages: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          sender: { type: 'string', minLength: 1 },
          destinations: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              properties: {
                to: { type: 'string', maxLength: 64, pattern: '^[1-9]\\d{6,14}$' },
                messageId: { type: 'string', maxLength: 200 },
              },
              required: ['to'],
              additionalProperties: false,
            },
          },
          content: {
            type: 'object',
            properties: { text: { type: 'string', minLength: 1 } },
            required: ['text'],
            additionalProperties: false,
          },
          options: {
            type: 'object',
            properties: {
              validityPeriod: {
                type: 'object',
                properties: {
                  amount: { type: 'integer', minimum: 1, maximum: 172_800 },
                  timeUnit: { enum: ['SECONDS', 'MINUTES', 'HOURS'] },
                },
                required: ['amount'],
                additionalProperties: false,
              },
            },
            additionalProperties: false,
          },
          webhooks: {
            type: 'object',
            properties: {
              delivery: {
                type: 'object',
                properties: {
                  url: { type: 'string', format: 'uri' },
                  intermediateReport: { type: 'boolean' },
                  notify: { type: 'boolean' },
                },
                additionalProperties: false,
              },
              contentType: { enum: ['application/json', 'application/xml'] },
              callbackData: { type: 'string', maxLength: 4_000 },
            },
            additionalProperties: false,
          },
        },
        required: ['content', 'destinations'],
        additionalProperties: false,
      },
    },
  },
  required: ['messages'],
  additionalProperties: false,
} as const;
