import { createHmac, randomInt, type KeyObject } from 'node:crypto';
import type { CallbackRequest } from '../../src/providers/callback.js';
import { snsPost, type AwsServer } from './aws-server.js';
import { messageBirdToken } from './messagebird-server.js';
import { calledByGet, postedAsForm, postedAsJson } from './sms-callback.js';
import { telnyxSignature } from './telnyx-server.js';
import { twilioSignature } from './twilio-signature.js';

/** An SMS that a vendor accepted. */
export interface TakenText {
  /** The vendor's message id. */
  readonly id: string;
  readonly phno: string;
}

/** Callbacks as the vendor makes and signs them. @param url the callback URL given to the vendor. */
export interface Reporter {
  /** A delivery report: delivered. */
  delivered(url: string, text: TakenText): CallbackRequest;
  /** An inbound SMS. */
  inbound(url: string, from: string, text: string): CallbackRequest;
}

type Fields = Readonly<Record<string, string>>;

const OWN_NUMBER = '+15005550006';
const bare = (phno: string): string => phno.replace('+', '');
const inSeconds = (): number => Math.floor(Date.now() / 1_000);
/** The same for every report of one SMS. */
const inboundId = (from: string, text: string): string => `in-${bare(from)}-${text}`;

/** A callback signed by Twilio. */
export function twilioReport(url: string, form: Fields, authToken: string): CallbackRequest {
  return postedAsForm(form, { 'x-twilio-signature': twilioSignature(url, form, authToken) }, {}, url);
}

/** https://www.twilio.com/docs/messaging/guides/track-outbound-message-status */
export function twilioReporter(authToken: string): Reporter {
  const signed = (url: string, form: Fields): CallbackRequest => twilioReport(url, form, authToken);
  return {
    delivered: (url, { id, phno }) =>
      signed(url, { MessageSid: id, MessageStatus: 'delivered', To: phno, From: OWN_NUMBER }),
    inbound: (url, from, text) =>
      signed(url, { MessageSid: inboundId(from, text), From: from, To: OWN_NUMBER, Body: text }),
  };
}

/** https://developer.vonage.com/en/getting-started/concepts/signing-messages */
export function vonageReporter(signatureSecret: string): Reporter {
  const signed = (url: string, fields: Fields): CallbackRequest => {
    const all: Fields = { ...fields, timestamp: String(inSeconds()), nonce: 'n-1' };
    const line = Object.keys(all)
      .sort()
      .map((name) => `&${name}=${all[name]?.replaceAll(/[&=]/g, '_')}`)
      .join('');
    const sig = createHmac('sha256', signatureSecret).update(line).digest('hex');
    return postedAsJson({ ...all, sig }, {}, url);
  };
  return {
    delivered: (url, { id, phno }) =>
      signed(url, { messageId: id, status: 'delivered', 'err-code': '0', msisdn: bare(phno) }),
    inbound: (url, from, text) =>
      signed(url, { messageId: inboundId(from, text), msisdn: bare(from), to: bare(OWN_NUMBER), text }),
  };
}

/** By SNS: https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html */
export function awsReporter(server: AwsServer, topicArn: string): Reporter {
  const published = (url: string, message: object): CallbackRequest => ({
    ...postedAsJson(snsPost(server, { topicArn, message, version: '2' }), {}, url),
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
  });
  return {
    delivered: (url, { id, phno }) =>
      published(url, {
        ...{ eventType: 'TEXT_DELIVERED', eventTimestamp: Date.now(), isFinal: true },
        ...{ destinationPhoneNumber: phno, messageId: id, messageStatus: 'DELIVERED' },
      }),
    inbound: (url, from, text) =>
      published(url, {
        ...{ originationNumber: from, destinationNumber: OWN_NUMBER, messageBody: text },
        inboundMessageId: inboundId(from, text),
      }),
  };
}

/** Signature version 2, as used for SMS: https://www.plivo.com/docs/messaging/concepts/signature-validation */
export function plivoReporter(authToken: string): Reporter {
  const signed = (url: string, form: Fields): CallbackRequest => {
    const nonce = String(randomInt(2 ** 47));
    const signature = createHmac('sha256', authToken).update(`${url}${nonce}`).digest('base64');
    const headers = { 'x-plivo-signature-v2': signature, 'x-plivo-signature-v2-nonce': nonce };
    return postedAsForm(form, headers, {}, url);
  };
  return {
    delivered: (url, { id, phno }) =>
      signed(url, { MessageUUID: id, Status: 'delivered', ErrorCode: '000', To: bare(phno) }),
    inbound: (url, from, text) =>
      signed(url, { MessageUUID: inboundId(from, text), From: bare(from), To: bare(OWN_NUMBER), Text: text }),
  };
}

/** https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks */
export function telnyxReporter(privateKey: KeyObject): Reporter {
  const event = (url: string, event_type: string, payload: object): CallbackRequest => {
    const occurred_at = new Date().toISOString();
    const call = postedAsJson({ data: { record_type: 'event', event_type, occurred_at, payload } }, {}, url);
    return {
      ...call,
      headers: { ...call.headers, ...telnyxSignature(privateKey, call.body, inSeconds()) },
    };
  };
  return {
    delivered: (url, { id, phno }) =>
      event(url, 'message.finalized', { id, to: [{ phone_number: phno, status: 'delivered' }], errors: [] }),
    inbound: (url, from, text) =>
      event(url, 'message.received', {
        ...{ id: inboundId(from, text), from: { phone_number: from }, text },
        to: [{ phone_number: OWN_NUMBER }],
      }),
  };
}

/** https://developers.messagebird.com/api/sms-messaging/#handle-a-status-report */
export function messageBirdReporter(signingKey: string): Reporter {
  const signed = (url: string, fields: Fields): CallbackRequest => {
    const call = calledByGet(fields, {}, url);
    return { ...call, headers: { 'messagebird-signature-jwt': messageBirdToken(call, signingKey) } };
  };
  return {
    delivered: (url, { id, phno }) =>
      signed(url, { id, recipient: bare(phno), status: 'delivered', statusErrorCode: '0' }),
    inbound: (url, from, text) =>
      signed(url, { id: inboundId(from, text), originator: bare(from), body: text }),
  };
}

/** https://www.infobip.com/docs/api/channels/sms/sms-messaging/logs-and-status-reports */
export const infobipReporter: Reporter = {
  delivered: (url, { id, phno }) => {
    const status = { groupId: 3, groupName: 'DELIVERED', id: 5, name: 'DELIVERED_TO_HANDSET' };
    return postedAsJson({ results: [{ messageId: id, to: bare(phno), status }] }, {}, url);
  },
  inbound: (url, from, text) => {
    const result = { messageId: inboundId(from, text), from: bare(from), to: bare(OWN_NUMBER), text };
    return postedAsJson({ results: [result], messageCount: 1, pendingMessageCount: 0 }, {}, url);
  },
};

/** https://developers.sinch.com/docs/sms/api-reference/sms/webhooks */
export const sinchReporter: Reporter = {
  delivered: (url, { id, phno }) => {
    const type = 'recipient_delivery_report_sms';
    return postedAsJson({ type, batch_id: id, recipient: phno, code: 0, status: 'Delivered' }, {}, url);
  },
  inbound: (url, from, text) => {
    const id = inboundId(from, text);
    return postedAsJson({ type: 'mo_text', id, from: bare(from), to: bare(OWN_NUMBER), body: text }, {}, url);
  },
};

/** The format of `docs/sms-http.md`. */
export const httpReporter: Reporter = {
  delivered: (url, { id }) => calledByGet({ id, status: 'delivered' }, {}, url),
  inbound: (url, from, text) => calledByGet({ id: inboundId(from, text), from, text }, {}, url),
};

/** A sender that does not know the callback secret. */
export function withoutSecret({ delivered, inbound }: Reporter): Reporter {
  const guessed = (url: string): string => url.replace(/(?<=[?&]secret=)[^&]*/, 'a-secret-that-was-guessed');
  return {
    delivered: (url, text) => delivered(guessed(url), text),
    inbound: (url, from, text) => inbound(guessed(url), from, text),
  };
}
