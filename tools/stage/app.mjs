/** The app of every gateway here, and how its events are told apart. */
export const APP_ID = 'app123';
export const WEBHOOK = { username: 'cometchat', password: 'webhook-bench' };
export const OPERATOR = { username: 'operator', password: 'operator-bench' };

/** How the tag of an event begins; the stand-in for the vendor finds the event's number behind it. */
const TAG = 'bench-';
/** @param {string} event its number, nine digits */
export const tagOf = (event) => `${TAG}${event}`;
export const TAG_PATTERN = new RegExp(`${TAG}(\\d{9})`);
/** @param {string} person a number, nine digits */
export const userUid = (person) => `person-${person}`;

let nextEvent = 0;
/**
 * Numbers that no other run has, so that no event is taken for a repeat of another.
 *
 * @param {number} count at most
 * @returns {number} the first of them
 */
export function takeEvents(count) {
  const first = nextEvent;
  nextEvent += count;
  return first;
}
