import type { Reason } from '../../domain/reason.js';
import type { DeliveryReport, DeliveryReportStatus } from '../../domain/delivery-report.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type InboundSms,
} from '../callback.js';
import { isObject, jsonObject } from '../vendor-request.js';
import { vendorWord } from '../vendor-word.js';
import { readSnsMessage } from './sns-message.js';
import type { SnsVerifier } from './sns-verifier.js';

/**
 * The events of a configuration set that tell of a text.
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html
 */
export const AWS_EVENTS: Readonly<Record<string, readonly [DeliveryReportStatus, Reason | null]>> = {
  TEXT_QUEUED: ['accepted', null],
  TEXT_PENDING: ['accepted', null],
  TEXT_SENT: ['accepted', null],
  TEXT_SUCCESSFUL: ['accepted', null], // the carrier has it; TEXT_DELIVERED may follow
  TEXT_DELIVERED: ['delivered', null],
  TEXT_UNKNOWN: ['accepted', null], // after 72 hours without a word of the carrier
  TEXT_INVALID: ['failed', 'number_unreachable'], // not a valid number
  TEXT_UNREACHABLE: ['failed', 'number_unreachable'], // switched off, or out of coverage
  TEXT_CARRIER_UNREACHABLE: ['failed', 'undelivered'], // a passing fault of the carrier's network
  TEXT_BLOCKED: ['failed', 'undelivered'], // the phone or its carrier takes nothing from us
  TEXT_CARRIER_BLOCKED: ['failed', 'message_refused'],
  TEXT_INVALID_MESSAGE: ['failed', 'message_refused'],
  TEXT_SPAM: ['failed', 'message_refused'],
  TEXT_PROTECT_BLOCKED: ['failed', 'message_refused'], // by the account's own protect configuration
  TEXT_TTL_EXPIRED: ['failed', 'undelivered'],
};

/**
 * The words that AWS answers and keeps its opt-out list by, unless opt-outs are self-managed. None begins texts again:
 * a keyword for that has to be set with the number.
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
 */
export const AWS_WORDS = {
  stop: ['arret', 'cancel', 'end', 'optout', 'quit', 'remove', 'stop', 'td', 'unsubscribe'],
  start: [],
  help: ['help'],
};

/**
 * What SNS posts for a configuration set (receipts) or a number with two-way SMS (replies): its own envelope, or with
 * raw delivery the event alone. https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html
 *
 * @param verifier unset: no topic is configured, and `callbackSecret` has to do.
 * @param answersOptOuts false: the numbers' opt-outs are managed by the account itself
 */
export function awsCallbacks(
  verifier: SnsVerifier | undefined,
  answersOptOuts: boolean | undefined,
): CallbackReader {
  return {
    isSigned: verifier && ((request) => isSigned(verifier, request)),
    readStatus: (request) => {
      const event = readEvent(request);
      return event ? receiptOf(event) : [];
    },
    readInbound: (request) => {
      const event = readEvent(request);
      return event ? textOf(event, answersOptOuts !== false) : [];
    },
  };
}

async function isSigned(verifier: SnsVerifier, { body }: CallbackRequest): Promise<boolean> {
  const message = readSnsMessage(body);
  if (!message || !(await verifier.isGenuine(message))) return false;
  if (message.type === 'SubscriptionConfirmation') await verifier.confirm(message);
  return true;
}

type Event = Readonly<Record<string, unknown>>;

/** Undefined: SNS speaks of the subscription, not of a text. @throws UnreadableCallback */
function readEvent({ body }: CallbackRequest): Event | undefined {
  const message = readSnsMessage(body);
  if (message && message.type !== 'Notification') return undefined;
  const event = jsonObject(message?.message ?? body.toString());
  if (!event) throw new UnreadableCallback('The body is no message of SNS and no event.');
  return event;
}

function receiptOf(event: Event): DeliveryReport[] {
  const { eventType, messageId, eventTimestamp, messageStatus, context } = event;
  // Replies may come by the same topic, and so may events of calls and media.
  if (typeof eventType !== 'string' || !eventType.startsWith('TEXT_')) return [];
  if (typeof messageId !== 'string') throw new UnreadableCallback('The event names no message.');
  const meaning = Object.hasOwn(AWS_EVENTS, eventType) ? AWS_EVENTS[eventType] : undefined;
  if (!meaning) return [];
  const [status, reason] = meaning;
  const reference = isObject(context) ? context['reference'] : undefined;
  return [
    {
      vendorMessageId: messageId,
      reference: typeof reference === 'string' ? reference : null,
      status,
      reason,
      vendorCode: typeof messageStatus === 'string' ? messageStatus : eventType,
      at: momentOf(eventTimestamp),
    },
  ];
}

/** @param value milliseconds since the epoch. */
function momentOf(value: unknown): Date | null {
  const moment = new Date(typeof value === 'number' ? value : Number.NaN);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html */
function textOf(event: Event, answers: boolean): InboundSms[] {
  const { originationNumber, destinationNumber, messageBody, inboundMessageId } = event;
  if (originationNumber === undefined && messageBody === undefined) return [];
  if (typeof originationNumber !== 'string' || typeof messageBody !== 'string') {
    throw new UnreadableCallback('The reply lacks its number or its text.');
  }
  const takenFor = answers ? vendorWord(AWS_WORDS, messageBody) : undefined;
  return [
    {
      from: originationNumber,
      to: typeof destinationNumber === 'string' ? destinationNumber : null,
      text: messageBody,
      vendorMessageId: typeof inboundMessageId === 'string' ? inboundMessageId : null,
      ...(takenFor ? { takenFor } : {}),
    },
  ];
}
