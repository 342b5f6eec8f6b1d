import { callActionOf, type NotificationDetails } from '../../../domain/event.js';
import type { PushContext } from './push-context.js';
import { fill } from './fill.js';
import { textOf, type Fields } from './push-fields.js';

/**
 * What a push is to the person who gets it.
 *
 * - `message`: something to read.
 * - `ring`: a call that is coming in.
 * - `missed-call`: a call that rang and was not taken.
 * - `call-update`: whatever else becomes of a call (`ongoing`, `busy`, `rejected`, `ended`, and a call that was never
 *   rung): the app ends its ringing, or notes that it goes on, and the person is shown nothing.
 */
export type PushType = 'message' | 'ring' | 'missed-call' | 'call-update';

export function pushTypeOf(
  details: NotificationDetails,
  { missedCall, settings }: Pick<PushContext, 'missedCall' | 'settings'>,
): PushType {
  if (details.type !== 'call') return 'message';
  const action = callActionOf(details);
  if (action === 'initiated') return 'ring';
  const notTaken = action === 'unanswered' || action === 'cancelled';
  return notTaken && missedCall && settings.calls.missedCall ? 'missed-call' : 'call-update';
}

/** Which of the settings' two kinds an occasion belongs to. */
export const kindOf = (pushType: PushType): 'chat' | 'call' => (pushType === 'message' ? 'chat' : 'call');

/** Whether the system shows a push by itself, by the settings of a family of devices. */
export function isShownBySystem(
  family: 'android' | 'ios' | 'web' | 'expo',
  pushType: PushType,
  fields: Fields,
  { settings }: Pick<PushContext, 'settings'>,
): boolean {
  const isOwn = pushType === 'message' && textOf(fields, 'type') === 'api';
  return settings.notificationInPayload[family][isOwn ? 'api' : kindOf(pushType)];
}

/** What the system shows, where it is the one to show something. */
export interface Shown {
  readonly title: string;
  readonly body: string;
  /** undefined: none. */
  readonly sound: string | undefined;
}

/** @returns undefined where the person is shown nothing. */
export function shownFor(
  pushType: PushType,
  fields: Fields,
  { settings, options }: Pick<PushContext, 'settings' | 'options'>,
): Shown | undefined {
  const soundOf = (kind: 'chat' | 'call'): string | undefined =>
    options.storm?.silent ? undefined : (options.sound ?? settings.sound[kind]) || undefined;
  switch (pushType) {
    case 'call-update':
      return undefined;
    case 'missed-call':
      return {
        ...missedCallText(fields, settings.calls.missedCallText),
        ...(options.title === undefined ? {} : { title: options.title }),
        ...(options.body === undefined ? {} : { body: options.body }),
        sound: soundOf('chat'),
      };
    case 'ring':
    case 'message': {
      const title = textOf(fields, 'title');
      const body = textOf(fields, 'body');
      // Nothing to read: an alert of nothing but a sound would leave the person guessing.
      if (title === '' && body === '') return undefined;
      return { title, body, sound: soundOf(kindOf(pushType)) };
    }
  }
}

function missedCallText(
  fields: Fields,
  texts: PushContext['settings']['calls']['missedCallText'],
): { title: string; body: string } {
  const callType = textOf(fields, 'callType');
  const body = callType === 'audio' || callType === 'video' ? texts[callType] : texts.other;
  return { title: fill(texts.title, fields) || textOf(fields, 'title'), body: fill(body, fields) };
}

/** Whether a push may wait until the phone wakes up by itself. A ring may not, nor what ends one. */
export function priorityOf(pushType: PushType, { options }: Pick<PushContext, 'options'>): 'high' | 'normal' {
  const mayWait = pushType === 'message' || pushType === 'missed-call';
  return mayWait ? (options.priority ?? 'high') : 'high';
}

/**
 * What later pushes replace this one by, where the system shows it: the call, the message, or the storm that it is part
 * of. Every event of a call may have a tag of its own, and two calls the same.
 */
export function collapseKeyOf(
  pushType: PushType,
  fields: Fields,
  { options }: Pick<PushContext, 'options'>,
): string {
  const session = kindOf(pushType) === 'call' ? textOf(fields, 'sessionId') : '';
  return session || (options.storm?.conversationId ?? textOf(fields, 'tag'));
}

/** Until when a vendor may keep a push: the delivery's end, or the setting's if that is sooner. */
export function keptUntil(
  pushType: PushType,
  { now, expiresAt, settings, options }: Pick<PushContext, 'now' | 'expiresAt' | 'settings' | 'options'>,
): Date {
  // A missed call is worth telling for as long as a message is.
  const { chat, call } = settings.ttlSeconds;
  const ttlS = options.ttlSeconds ?? (pushType === 'ring' || pushType === 'call-update' ? call : chat);
  return ttlS === undefined
    ? expiresAt
    : new Date(Math.min(expiresAt.getTime(), now.getTime() + ttlS * 1_000));
}

/** Whole seconds that are left until then, at most `maxS`, which is what the vendor takes. */
export function secondsUntil(until: Date, now: Date, maxS: number): number {
  return Math.min(maxS, Math.max(0, Math.floor((until.getTime() - now.getTime()) / 1_000)));
}

/** Seconds since the epoch, for headers that name a moment. */
export const epochSeconds = (moment: Date): number => Math.floor(moment.getTime() / 1_000);
