import { callActionOf, type NotificationDetails } from '../../../domain/event.js';
import type { PushContext } from './push-context.js';
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
export type Occasion = 'message' | 'ring' | 'missed-call' | 'call-update';

export function occasionOf(
  details: NotificationDetails,
  { missedCall, settings }: Pick<PushContext, 'missedCall' | 'settings'>,
): Occasion {
  if (details.type !== 'call') return 'message';
  const action = callActionOf(details);
  if (action === 'initiated') return 'ring';
  const notTaken = action === 'unanswered' || action === 'cancelled';
  return notTaken && missedCall && settings.calls.missedCall ? 'missed-call' : 'call-update';
}

/** Which of the settings' two kinds an occasion belongs to. */
export const kindOf = (occasion: Occasion): 'chat' | 'call' => (occasion === 'message' ? 'chat' : 'call');

/** What the system shows, where it is the one to show something. */
export interface Shown {
  readonly title: string;
  readonly body: string;
  /** undefined: none. */
  readonly sound: string | undefined;
}

/** @returns undefined where the person is shown nothing. */
export function shownFor(
  occasion: Occasion,
  fields: Fields,
  { settings }: Pick<PushContext, 'settings'>,
): Shown | undefined {
  const { sound } = settings;
  switch (occasion) {
    case 'call-update':
      return undefined;
    case 'missed-call':
      return { ...missedCallText(fields, settings.calls.missedCallText), sound: sound.chat || undefined };
    case 'ring':
    case 'message': {
      const title = textOf(fields, 'title');
      const body = textOf(fields, 'body');
      // Nothing to read: an alert of nothing but a sound would leave the person guessing.
      if (title === '' && body === '') return undefined;
      return { title, body, sound: sound[kindOf(occasion)] || undefined };
    }
  }
}

function missedCallText(
  fields: Fields,
  texts: PushContext['settings']['calls']['missedCallText'],
): { title: string; body: string } {
  const callType = textOf(fields, 'callType');
  const body = callType === 'audio' || callType === 'video' ? texts[callType] : texts.other;
  const fill = (template: string): string =>
    template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_whole, name: string) => textOf(fields, name));
  return { title: fill(texts.title) || textOf(fields, 'title'), body: fill(body) };
}

/** Until when a vendor may keep a push: the delivery's end, or the setting's if that is sooner. */
export function keptUntil(
  occasion: Occasion,
  { now, expiresAt, settings }: Pick<PushContext, 'now' | 'expiresAt' | 'settings'>,
): Date {
  // A missed call is worth telling for as long as a message is.
  const { chat, call } = settings.ttlSeconds;
  const ttlS = occasion === 'ring' || occasion === 'call-update' ? call : chat;
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
