import type { PushContent, SmsContent } from '../../domain/event.js';
import { foldId } from '../../domain/uid.js';

/** The messages of an SMS webhook, as far as CometChat identifies them. */
export interface NamedMessages {
  /** CometChat's ids, which are the tags of pushes; undefined if one of the messages has none. */
  readonly ids: readonly string[] | undefined;
  /** Time of the newest message; undefined if one of them has none. */
  readonly newestAt: Date | undefined;
}

/** CometChat's ids are shorter. */
const MAX_ID_LENGTH = 200;
/** Latest valid `Date`, in CometChat's seconds. */
const MAX_SECONDS = 8_640_000_000_000;

export function namedMessages({ messages }: SmsContent): NamedMessages {
  const objects = (messages ?? []).map(({ messageObject }) => messageObject);
  const ids = objects.flatMap((object) => messageId(object?.id) ?? []);
  const times = objects.flatMap((object) => secondsOf(object?.sentAt) ?? []);
  const isWhole = (found: readonly unknown[]): boolean =>
    objects.length > 0 && found.length === objects.length;
  return {
    ids: isWhole(ids) ? [...new Set(ids)] : undefined,
    newestAt: isWhole(times) ? new Date(Math.max(...times) * 1_000) : undefined,
  };
}

/** The message id of a chat push. */
export function pushedMessage({ notificationDetails: { tag } }: PushContent): string | undefined {
  return messageId(tag);
}

/** The possible ids of the conversation of an SMS webhook: either of two users may come first. */
export function conversationIds({ groupDetails, senderDetails }: SmsContent, uid: string): string[] {
  const guid = groupDetails?.guid && foldId(groupDetails.guid);
  if (guid) return [`group_${guid}`];
  const sender = senderDetails?.uid && foldId(senderDetails.uid);
  return sender ? [`${sender}_user_${uid}`, `${uid}_user_${sender}`] : [];
}

function messageId(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH && !value.includes('\0')
    ? value
    : undefined;
}

function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? Number(value) : value;
  return typeof seconds === 'number' && seconds > 0 && seconds < MAX_SECONDS ? seconds : undefined;
}
