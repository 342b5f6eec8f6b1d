import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

/**
 * Schema of `POST /v2/messages` for SMS, reduced by hand from `MessageSendParams` of Telnyx's Node client, which is
 * generated from its OpenAPI document (github.com/team-telnyx/telnyx-node, src/resources/messages/messages.ts at
 * 0918b35). Fields of MMS are omitted and therefore refused. The requirement of either `from` or
 * `messaging_profile_id` is in its prose; the length of an address is in the description of error 10003.
 */
const CREATE_MESSAGE_REQUEST = {
  type: 'object',
  required: ['to', 'text'],
  anyOf: [{ required: ['from'] }, { required: ['messaging_profile_id'] }],
  additionalProperties: false,
  properties: {
    to: { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' },
    from: { type: 'string', pattern: '^(\\+[1-9]\\d{6,14}|\\d{3,8}|[A-Za-z0-9 ]{1,11})$' },
    messaging_profile_id: { type: 'string', format: 'uuid' },
    text: { type: 'string', minLength: 1 },
    type: { type: 'string', enum: ['SMS', 'MMS'] },
    webhook_url: { type: 'string', format: 'uri', maxLength: 2_000 },
    webhook_failover_url: { type: 'string', format: 'uri', maxLength: 2_000 },
    use_profile_webhooks: { type: 'boolean' },
    auto_detect: { type: 'boolean' },
  },
} as const;

// The alternatives refer to fields outside of them.
const ajv = addFormats.default(new Ajv({ strict: true, strictRequired: false }));
const createMessage = ajv.compile(CREATE_MESSAGE_REQUEST);

/** The first fault of a request; undefined for a valid one. */
export function objectionToMessage(body: unknown): ErrorObject | undefined {
  return createMessage(body) ? undefined : createMessage.errors?.[0];
}
