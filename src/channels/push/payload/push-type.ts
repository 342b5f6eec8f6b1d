import { callActionOf, type NotificationDetails } from '../../../domain/event.js';
import type { PushContext } from './push-context.js';
import { fill } from './fill.js';
import { textOf, type Fields } from './push-fields.js';

/**
 * The effect of a push on its recipient.
 *
 * - `message`: a message to read.
 * - `ring`: an incoming call.
 * - `missed-call`: a call that rang unanswered.
 * - `call-update`: any other call event (`ongoing`, `busy`, `rejected`, `ended`, or the end of a call that never rang):
 *   nothing is shown; the app stops ringing or updates its state.
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

/** The kind under which the settings group a push type. */
export const kindOf = (pushType: PushType): 'chat' | 'call' => (pushType === 'message' ? 'chat' : 'call');

/** Whether the settings of the device family let the system show the push. */
export function isShownBySystem(
  family: 'android' | 'ios' | 'web' | 'expo',
  pushType: PushType,
  fields: Fields,
  { settings }: Pick<PushContext, 'settings'>,
): boolean {
  const isOwn = pushType === 'message' && textOf(fields, 'type') === 'api';
  return settings.notificationInPayload[family][isOwn ? 'api' : kindOf(pushType)];
}

/** The notification that the system shows. */
export interface Shown {
  readonly title: string;
  readonly body: string;
  /** Undefined: silent. */
  readonly sound: string | undefined;
}

/** @returns undefined if nothing is shown. */
export function shownFor(
  pushType: PushType,
  fields: Fields,
  { settings, options }: Pick<PushContext, 'settings' | 'options'>,
): Shown | undefined {
  const burst = options.storm;
  const soundOf = (kind: 'chat' | 'call'): string | undefined =>
    burst?.silent ? undefined : (options.sound ?? settings.sound[kind]) || undefined;
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
      // A sound without a visible alert would confuse the recipient.
      if (title === '' && body === '') return undefined;
      return { title, body, sound: soundOf(kindOf(pushType)) };
    }
  }
}

function missedCallText(
  fields: Fields,
  templates: PushContext['settings']['calls']['missedCallText'],
): { title: string; body: string } {
  const callType = textOf(fields, 'callType');
  const body = callType === 'audio' || callType === 'video' ? templates[callType] : templates.other;
  return { title: fill(templates.title, fields) || textOf(fields, 'title'), body: fill(body, fields) };
}

/** `normal`: may wait until the phone wakes up. A ring and its end are always `high`. */
export function priorityOf(pushType: PushType, { options }: Pick<PushContext, 'options'>): 'high' | 'normal' {
  const mayWait = pushType === 'message' || pushType === 'missed-call';
  return mayWait ? (options.priority ?? 'high') : 'high';
}

/**
 * The key by which a later push replaces this one on screen: its call, message or burst. Calls use the session id, since
 * events of one call may have different tags, and two calls the same tag.
 */
export function collapseKeyOf(
  pushType: PushType,
  fields: Fields,
  { options }: Pick<PushContext, 'options'>,
): string {
  const burst = options.storm;
  const session = kindOf(pushType) === 'call' ? textOf(fields, 'sessionId') : '';
  return session || (burst?.conversationId ?? textOf(fields, 'tag'));
}

/** How long a vendor may store a push: until the delivery expires, or for the configured TTL if shorter. */
export function keptUntil(
  pushType: PushType,
  { now, expiresAt, settings, options }: Pick<PushContext, 'now' | 'expiresAt' | 'settings' | 'options'>,
): Date {
  // A missed call is relevant for as long as a message.
  const { chat, call } = settings.ttlSeconds;
  const ttlS = options.ttlSeconds ?? (pushType === 'ring' || pushType === 'call-update' ? call : chat);
  return ttlS === undefined
    ? expiresAt
    : new Date(Math.min(expiresAt.getTime(), now.getTime() + ttlS * 1_000));
}

/** Whole seconds remaining, at most the vendor's maximum `maxS`. */
export function secondsUntil(until: Date, now: Date, maxS: number): number {
  return Math.min(maxS, Math.max(0, Math.floor((until.getTime() - now.getTime()) / 1_000)));
}

export const epochSeconds = (moment: Date): number => Math.floor(moment.getTime() / 1_000);
