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
 * A configuration set's events about SMS.
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html
 */
export const AWS_EVENTS: Readonly<Record<string, readonly [DeliveryReportStatus, Reason | null]>> = {
  TEXT_QUEUED: ['accepted', null],
  TEXT_PENDING: ['accepted', null],
  TEXT_SENT: ['accepted', null],
  TEXT_SUCCESSFUL: ['accepted', null], // the carrier has it; TEXT_DELIVERED may follow
  TEXT_DELIVERED: ['delivered', null],
  TEXT_UNKNOWN: ['accepted', null], // no carrier response for 72 hours
  TEXT_INVALID: ['failed', 'number_unreachable'], // invalid number
  TEXT_UNREACHABLE: ['failed', 'number_unreachable'], // off or out of coverage
  TEXT_CARRIER_UNREACHABLE: ['failed', 'undelivered'], // transient fault of the carrier's network
  TEXT_BLOCKED: ['failed', 'undelivered'], // blocked by the phone or its carrier
  TEXT_CARRIER_BLOCKED: ['failed', 'message_refused'],
  TEXT_INVALID_MESSAGE: ['failed', 'message_refused'],
  TEXT_SPAM: ['failed', 'message_refused'],
  TEXT_PROTECT_BLOCKED: ['failed', 'message_refused'], // by the account's protect configuration
  TEXT_TTL_EXPIRED: ['failed', 'undelivered'],
};

/**
 * Keywords that AWS answers and applies to its opt-out list, unless opt-outs are self-managed. None opts in: such a
 * keyword is configured with the number. https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
 */
export const AWS_WORDS = {
  stop: ['arret', 'cancel', 'end', 'optout', 'quit', 'remove', 'stop', 'td', 'unsubscribe'],
  start: [],
  help: ['help'],
};

/**
 * Reads SNS messages of a configuration set (delivery reports) or a number with two-way SMS (replies), in the SNS
 * envelope or, with raw delivery, without it.
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html
 *
 * @param verifier unset: no topic is configured; `callbackSecret` is required.
 * @param answersOptOuts false: the account manages its numbers' opt-outs itself.
 */
export function awsCallbacks(
  verifier: SnsVerifier | undefined,
  answersOptOuts: boolean | undefined,
): CallbackReader {
  return {
    isSigned: verifier && ((request) => isSigned(verifier, request)),
    readStatus: (request) => {
      const event = readEvent(request);
      return event ? reportOf(event) : [];
    },
    readInbound: (request) => {
      const event = readEvent(request);
      return event ? replyOf(event, answersOptOuts !== false) : [];
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

/** Undefined for SNS messages about the subscription. @throws UnreadableCallback */
function readEvent({ body }: CallbackRequest): Event | undefined {
  const message = readSnsMessage(body);
  if (message && message.type !== 'Notification') return undefined;
  const event = jsonObject(message?.message ?? body.toString());
  if (!event) throw new UnreadableCallback('The body is neither an SNS message nor an event.');
  return event;
}

function reportOf(event: Event): DeliveryReport[] {
  const { eventType, messageId, eventTimestamp, messageStatus, context } = event;
  // Replies and events about calls and media may share the topic.
  if (typeof eventType !== 'string' || !eventType.startsWith('TEXT_')) return [];
  if (typeof messageId !== 'string') throw new UnreadableCallback('The event has no message id.');
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
      at: dateOf(eventTimestamp),
    },
  ];
}

/** @param value milliseconds since the epoch. */
function dateOf(value: unknown): Date | null {
  const date = new Date(typeof value === 'number' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html */
function replyOf(event: Event, answers: boolean): InboundSms[] {
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
