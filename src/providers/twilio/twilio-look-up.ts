import type { LookUp } from '../provider.js';
import { isObject } from '../vendor-request.js';

/** Between Twilio's clock and ours, and between the end of our waiting and Twilio's taking the text. */
const SLACK_MS = 60_000;
/** How far back the list is read at most: it is in the order of time, but Twilio does not say of which time. */
const ORDER_SLACK_MS = 86_400_000;
const TRIAL_PREFIX = /^Sent from your Twilio trial account - /;

/** A text whose fate is not known. */
export interface SoughtSms {
  readonly to: string;
  readonly text: string;
  readonly from: string | undefined;
  readonly messagingServiceSid: string | undefined;
  readonly sentAt: Date;
  readonly timeoutMs: number;
}

/** One page of the list of messages. */
export interface TwilioPage {
  readonly messages: readonly TwilioListed[];
  readonly next: string | null;
}

interface TwilioListed {
  readonly sid: string;
  /** Empty where the account redacts what it stores. */
  readonly body: string;
  readonly createdAt: number;
  readonly isOurs: boolean;
}

/**
 * Reads a page; undefined where it is none, or where a message of it does not say what it is compared by.
 *
 * @param path of the list: the next page is looked for nowhere else.
 */
export function pageOf(
  answer: Readonly<Record<string, unknown>> | undefined,
  sought: SoughtSms,
  path: string,
): TwilioPage | undefined {
  const { messages, next_page_uri: next } = answer ?? {};
  if (!Array.isArray(messages)) return undefined;
  if (next !== null && !(typeof next === 'string' && next.startsWith(`${path}?`))) return undefined;
  const read = messages.map((message) => listed(message, sought));
  return read.every((message) => message !== undefined) ? { messages: read, next } : undefined;
}

/** All messages of the page are too old, and so are those of the pages after it. */
export function isPast({ messages }: TwilioPage, { sentAt }: SoughtSms): boolean {
  return (
    messages.length > 0 && messages.every(({ createdAt }) => createdAt < sentAt.getTime() - ORDER_SLACK_MS)
  );
}

/**
 * Whether the text became one of these messages: one to the same number, from the same sender, with the same words,
 * taken while we were waiting for the answer.
 *
 * Twilio keeps nothing of ours by which equal texts could be told apart. Of several, the one that was taken closest to
 * our request is it; where that one was another delivery's, the person has the same words all the same.
 *
 * @returns undefined where it may be one whose words the account keeps from being stored.
 */
export function findIn(messages: readonly TwilioListed[], sought: SoughtSms): LookUp | undefined {
  const start = sought.sentAt.getTime();
  const words = wordsOf(sought.text);
  const distance = ({ createdAt }: TwilioListed): number => Math.abs(createdAt - start);
  const candidates = messages
    .filter(({ isOurs }) => isOurs)
    .filter(({ createdAt }) => createdAt >= start - SLACK_MS)
    .filter(({ createdAt }) => createdAt <= start + sought.timeoutMs + SLACK_MS);
  const [found] = candidates
    .filter(({ body }) => wordsOf(body.replace(TRIAL_PREFIX, '')) === words)
    .sort((a, b) => distance(a) - distance(b));
  if (found) return { found: true, vendorMessageId: found.sid };
  return candidates.some(({ body }) => body === '') ? undefined : { found: false };
}

/** Smart Encoding changes quotes, dashes and blanks, never the letters and digits. */
function wordsOf(text: string): string {
  const words = text.replace(/[^\p{L}\p{N}]/gu, '');
  return words === '' ? text : words;
}

function listed(message: unknown, sought: SoughtSms): TwilioListed | undefined {
  if (!isObject(message)) return undefined;
  const { sid, body, to, from, messaging_service_sid: service, direction, date_created: created } = message;
  const createdAt = Date.parse(String(created));
  if (typeof sid !== 'string' || Number.isNaN(createdAt)) return undefined;
  const isOurs =
    to === sought.to &&
    String(direction).startsWith('outbound') &&
    (sought.from === undefined || senderOf(from) === senderOf(sought.from)) &&
    (sought.messagingServiceSid === undefined || service === sought.messagingServiceSid);
  return { sid, body: typeof body === 'string' ? body : '', createdAt, isOurs };
}

/** Twilio writes a number in E.164, however it was given. */
function senderOf(from: unknown): string {
  return String(from)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
