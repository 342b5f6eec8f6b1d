import { Ajv } from 'ajv';

/** The body of a `SendTextMessage` request. */
export interface AwsText {
  readonly DestinationPhoneNumber: string;
  readonly OriginationIdentity?: string;
  readonly MessageBody?: string;
  readonly MessageType?: string;
  readonly ConfigurationSetName?: string;
  readonly TimeToLive?: number;
  readonly Context?: Readonly<Record<string, string>>;
  /** AWS validates the SMS and does not send it. */
  readonly DryRun?: boolean;
}

const text = (maxLength: number, pattern?: string): object => ({
  type: 'string',
  minLength: 1,
  maxLength,
  ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
});

/**
 * Schema of `SendTextMessage`, reduced from the service model version 2022-03-31
 * (`botocore/data/pinpoint-sms-voice-v2/2022-03-31/service-2.json` of github.com/boto/botocore).
 */
const SEND_TEXT_MESSAGE = {
  type: 'object',
  required: ['DestinationPhoneNumber'],
  additionalProperties: false,
  properties: {
    DestinationPhoneNumber: text(20, '\\+?[1-9][0-9]{1,18}'),
    OriginationIdentity: text(256, '[A-Za-z0-9_:/+-]+'),
    MessageBody: text(1_600, '(?!\\s*$)[\\s\\S]+'),
    MessageType: { enum: ['TRANSACTIONAL', 'PROMOTIONAL'] },
    Keyword: text(30, '[ \\S]+'),
    ConfigurationSetName: text(256, '[A-Za-z0-9_:/-]+'),
    MaxPrice: text(8, '[0-9]{0,2}\\.[0-9]{1,5}'),
    TimeToLive: { type: 'integer', minimum: 5, maximum: 259_200 },
    Context: {
      type: 'object',
      maxProperties: 5,
      propertyNames: text(100, '\\S+'),
      additionalProperties: text(800, '(?!\\s)[\\s\\S]+(?<!\\s)'),
    },
    DestinationCountryParameters: { type: 'object', maxProperties: 10 },
    DryRun: { type: 'boolean' },
    ProtectConfigurationId: text(256, '[A-Za-z0-9_:/-]+'),
    MessageFeedbackEnabled: { type: 'boolean' },
  },
};
const isValid = new Ajv({ allErrors: false }).compile<AwsText>(SEND_TEXT_MESSAGE);

/** @returns the request, or the name of the first invalid field. */
export function readAwsText(body: string): AwsText | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'body';
  }
  if (isValid(value)) return value;
  const [error] = isValid.errors ?? [];
  const missing: unknown = error?.params['missingProperty'] ?? error?.params['additionalProperty'];
  return typeof missing === 'string' ? missing : (error?.instancePath.split('/')[1] ?? 'body');
}
