import type { NotificationDetails } from '../../../domain/event.js';

/**
 * The details of an event as CometChat's own apps read them: one flat map of texts. Null, undefined and empty text
 * are left out (an app that parses `sentAt` as a number fails on an empty one); numbers and switches become text;
 * `message`, `custom` and whatever else is an object becomes JSON text.
 */
export function flatDetails(details: NotificationDetails): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(details)) {
    if (value === null || value === undefined || value === '') continue;
    flat[key] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return flat;
}
