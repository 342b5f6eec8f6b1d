import type { Dto } from '../../api/client.js';
import type { Phone } from './phone-list.js';
import { readPush, type Push } from './read-push.js';

export type SandboxMessage = Omit<Dto<'SandboxMessageDto'>, 'message'> & { readonly message: unknown };

/** A notification on the lock screen. */
export interface Card {
  readonly key: string;
  readonly kind: 'chat' | 'missed_call' | 'sms';
  readonly title: string;
  /** The oldest first. */
  readonly lines: readonly Line[];
  readonly at: string;
}

export interface Line {
  readonly key: string;
  readonly text: string;
}

/** A call that the phone shows in place of everything else. */
export interface Call {
  readonly sessionId: string;
  readonly state: 'ringing' | 'ongoing';
  /** The uid of the caller. */
  readonly from: string;
  readonly name: string;
  readonly isVideo: boolean;
  readonly conversationId: string | undefined;
}

export interface Sms {
  readonly id: string;
  readonly at: string;
  readonly from: string | undefined;
  readonly text: string;
  readonly segments: number | undefined;
  readonly encoding: string | undefined;
}

export interface Screen {
  /** The newest first. */
  readonly cards: readonly Card[];
  readonly call: Call | undefined;
  readonly badge: number | undefined;
  /** The oldest first. */
  readonly texts: readonly Sms[];
  /** The newest message that reached the phone. */
  readonly latest: SandboxMessage | undefined;
}

/** The decision of the phone's user about a call, before a push says so. */
export type Decision = 'ongoing' | 'over';

/** The events of a call that reached a phone, in any order. */
interface CallEvents {
  readonly actions: Set<string>;
  ring?: { readonly at: string; readonly fields: Push['fields'] };
  /** The text of the missed call, if a push has one. */
  missed?: { readonly at: string; readonly shown: Push['shown'] };
}

/** Actions after which a call no longer rings. */
export const ENDS: ReadonlySet<string> = new Set(['cancelled', 'unanswered', 'rejected', 'busy', 'ended']);
const MISSED: ReadonlySet<string> = new Set(['cancelled', 'unanswered']);
/** CometChat's Android app keeps one notification for each conversation, and adds a line for each message. */
const KEPT_LINES = 4;

/** The messages that reached the phone: those that its vendor accepted. */
export function messagesOf(phone: Phone, messages: readonly SandboxMessage[]): SandboxMessage[] {
  return messages.filter(
    ({ appId, uid, channel, to, outcome }) =>
      outcome === 'accepted' &&
      appId === phone.appId &&
      uid === phone.uid &&
      (channel === 'sms' ? to === phone.phno : phone.tokens.includes(to)),
  );
}

interface ScreenOptions {
  readonly nowMs: number;
  /** Time for which a call rings. */
  readonly ringMs: number;
  /** Of the phone's user, by session. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The text of a missed call whose push has none. */
  readonly missedText: (isVideo: boolean) => string;
}

/**
 * The contents of the phone's screen.
 *
 * @param arrived the messages that reached it, the oldest first
 */
export function screenOf(phone: Phone, arrived: readonly SandboxMessage[], options: ScreenOptions): Screen {
  const cards = new Map<string, Card>();
  const calls = new Map<string, CallEvents>();
  let badge: number | undefined;
  for (const message of arrived) {
    if (message.channel === 'sms') {
      const text = smsOf(message);
      put(
        cards,
        appended(cards, { key: `sms ${text.from}`, kind: 'sms', title: text.from ?? '' }, message, text),
      );
      continue;
    }
    const push = readPush(message.message);
    badge = push.badge ?? badge;
    const { sessionId, type } = push.fields;
    if (type === 'call' && sessionId !== undefined && !isPlainAlert(phone, push, calls.get(sessionId)))
      noteCall(calls, sessionId, push, message);
    else {
      const card = chatCard(phone, cards, push, message);
      if (card) put(cards, card);
    }
  }
  const call = callOf(calls, options);
  for (const [sessionId, events] of calls) {
    if (sessionId === call?.sessionId || !isMissed(events, options.decisions.get(sessionId))) continue;
    const card = missedCard(sessionId, events, options.missedText);
    if (card) put(cards, card);
  }
  return {
    cards: [...cards.values()].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)),
    call,
    badge,
    texts: arrived.filter(({ channel }) => channel === 'sms').map(smsOf),
    latest: arrived.at(-1),
  };
}

/** A call that the system shows as any other notification: without the VoIP token, the app's code does not run. */
function isPlainAlert({ look }: Phone, { shown }: Push, events: CallEvents | undefined): boolean {
  return shown !== undefined && look !== 'web' && events?.ring === undefined;
}

/** The last one put is the newest. */
function put(cards: Map<string, Card>, card: Card): void {
  cards.delete(card.key);
  cards.set(card.key, card);
}

/** The notification of a message; undefined if the phone shows none. */
function chatCard(
  { look }: Phone,
  cards: ReadonlyMap<string, Card>,
  { fields, shown, replaceKey }: Push,
  message: SandboxMessage,
): Card | undefined {
  const { id, at } = message;
  const key = `chat ${replaceKey || id}`;
  if (shown) return { key, kind: 'chat', title: shown.title, lines: [{ key: id, text: shown.body }], at };
  const { title = '', body = '', conversationId, sender } = fields;
  // iOS shows nothing of a background push.
  if (look === 'ios' || (title === '' && body === '')) return undefined;
  if (look === 'web') return { key, kind: 'chat', title, lines: [{ key: id, text: body }], at };
  const conversation = `chat ${conversationId ?? sender ?? id}`;
  const line = { id: replaceKey || id, text: body };
  return appended(cards, { key: conversation, kind: 'chat', title }, message, line);
}

/** The notification with another line; a line of the same id is replaced. */
function appended(
  cards: ReadonlyMap<string, Card>,
  card: Pick<Card, 'key' | 'kind' | 'title'>,
  { at }: SandboxMessage,
  { id, text }: { readonly id: string; readonly text: string },
): Card {
  const before = (cards.get(card.key)?.lines ?? []).filter(({ key }) => key !== id);
  return { ...card, lines: [...before, { key: id, text }].slice(-KEPT_LINES), at };
}

function noteCall(
  calls: Map<string, CallEvents>,
  sessionId: string,
  { fields, shown }: Push,
  { at }: SandboxMessage,
): void {
  const events: CallEvents = calls.get(sessionId) ?? { actions: new Set() };
  calls.set(sessionId, events);
  const { callAction = '' } = fields;
  events.actions.add(callAction);
  if (callAction === 'initiated') events.ring ??= { at, fields };
  if (MISSED.has(callAction)) events.missed ??= { at, shown };
}

/** The newest call that rings or goes on. */
function callOf(
  calls: ReadonlyMap<string, CallEvents>,
  { nowMs, ringMs, decisions }: Pick<ScreenOptions, 'nowMs' | 'ringMs' | 'decisions'>,
): Call | undefined {
  for (const [sessionId, { actions, ring }] of [...calls].toReversed()) {
    const decision = decisions.get(sessionId);
    if (!ring || decision === 'over' || hasAny(actions, ENDS)) continue;
    const isOngoing = decision === 'ongoing' || actions.has('ongoing');
    if (!isOngoing && nowMs - Date.parse(ring.at) >= ringMs) continue;
    const { sender = '', senderName, callType, conversationId } = ring.fields;
    return {
      sessionId,
      state: isOngoing ? 'ongoing' : 'ringing',
      from: sender,
      name: senderName || sender,
      isVideo: callType === 'video',
      conversationId,
    };
  }
  return undefined;
}

const hasAny = (actions: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean =>
  [...actions].some((action) => wanted.has(action));

/** It rang, and nobody took or declined it. */
function isMissed({ actions, ring }: CallEvents, decision: Decision | undefined): boolean {
  if (!ring || decision !== undefined || actions.has('ongoing')) return false;
  return hasAny(actions, MISSED) || !hasAny(actions, ENDS);
}

function missedCard(
  sessionId: string,
  { ring, missed }: CallEvents,
  missedText: (isVideo: boolean) => string,
): Card | undefined {
  if (!ring) return undefined;
  const { senderName, sender = '', callType } = ring.fields;
  return {
    key: `call ${sessionId}`,
    kind: 'missed_call',
    title: missed?.shown?.title || senderName || sender,
    lines: [{ key: sessionId, text: missed?.shown?.body || missedText(callType === 'video') }],
    at: missed?.at ?? ring.at,
  };
}

export function smsOf({ id, at, message }: SandboxMessage): Sms {
  const { from, text, segments, encoding } = message as Readonly<Record<string, unknown>>;
  return {
    id,
    at,
    from: typeof from === 'string' ? from : undefined,
    text: typeof text === 'string' ? text : '',
    segments: typeof segments === 'number' ? segments : undefined,
    encoding: typeof encoding === 'string' ? encoding : undefined,
  };
}
