import type { LookUp } from '../provider.js';
import { isObject } from '../vendor-request.js';

/** Allowance for clock differences and for the time between our timeout and Twilio's acceptance. */
const SLACK_MS = 60_000;
/** How far back the list is read: it is ordered by time, but Twilio does not document by which. */
const ORDER_SLACK_MS = 86_400_000;
const TRIAL_PREFIX = /^Sent from your Twilio trial account - /;

/** An SMS with an unknown outcome. */
export interface SoughtSms {
  readonly to: string;
  readonly text: string;
  readonly from: string | undefined;
  readonly messagingServiceSid: string | undefined;
  readonly sentAt: Date;
  readonly timeoutMs: number;
}

export interface TwilioPage {
  readonly messages: readonly TwilioListed[];
  readonly next: string | null;
}

interface TwilioListed {
  readonly sid: string;
  /** Empty if the account redacts stored messages. */
  readonly body: string;
  readonly createdAt: number;
  readonly isOurs: boolean;
}

/**
 * Parses a page; undefined if it is invalid or a message lacks a compared field.
 *
 * @param path path of the list; the next page must have the same one.
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

/** Whether all messages of the page, and thus of the following pages, are too old. */
export function isPast({ messages }: TwilioPage, { sentAt }: SoughtSms): boolean {
  return (
    messages.length > 0 && messages.every(({ createdAt }) => createdAt < sentAt.getTime() - ORDER_SLACK_MS)
  );
}

/**
 * Finds the SMS among these messages: same number, sender and words, accepted while we waited for the response.
 *
 * Twilio stores nothing of ours that distinguishes equal SMS. Of several, the one closest to our request is chosen; if
 * it belongs to another delivery, the recipient still has the same words.
 *
 * @returns undefined if a candidate's words are redacted.
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

/** Smart Encoding changes quotes, dashes and spaces, but never letters or digits. */
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

/** Twilio returns numbers in E.164, in whatever form they were sent. */
function senderOf(from: unknown): string {
  return String(from)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
