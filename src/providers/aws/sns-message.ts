import { isObject, jsonObject } from '../vendor-request.js';

const TYPES = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const;

/** A message posted by SNS. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export interface SnsMessage {
  readonly type: (typeof TYPES)[number];
  readonly topicArn: string;
  /** The published payload; for confirmations a human-readable message. */
  readonly message: string;
  readonly timestamp: Date;
  readonly signature: Buffer;
  readonly signatureVersion: string;
  readonly signingCertUrl: string;
  /** Confirmations only. */
  readonly subscribeUrl: string | undefined;
  /** The signed content. */
  readonly signed: string;
}

/** @returns undefined for raw delivery and other bodies. */
export function readSnsMessage(body: Buffer): SnsMessage | undefined {
  const fields = jsonObject(body.toString());
  const type = TYPES.find((one) => one === fields?.['Type']);
  if (!isObject(fields) || type === undefined) return undefined;
  const text = (key: string): string | undefined => {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const topicArn = text('TopicArn');
  const message = text('Message');
  const timestamp = new Date(text('Timestamp') ?? '');
  const signature = text('Signature');
  const signingCertUrl = text('SigningCertURL');
  if (topicArn === undefined || message === undefined || signature === undefined) return undefined;
  if (signingCertUrl === undefined || Number.isNaN(timestamp.getTime())) return undefined;
  return {
    type,
    topicArn,
    message,
    timestamp,
    signature: Buffer.from(signature, 'base64'),
    signatureVersion: text('SignatureVersion') ?? '',
    signingCertUrl,
    subscribeUrl: text('SubscribeURL'),
    signed: signedFields(type)
      .flatMap((key) => {
        const value = text(key);
        return value === undefined ? [] : [`${key}\n${value}\n`];
      })
      .join(''),
  };
}

/**
 * Signed fields in byte order, each with a line for its name and one for its value; `Subject` is optional.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html
 */
function signedFields(type: SnsMessage['type']): readonly string[] {
  return type === 'Notification'
    ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
}
