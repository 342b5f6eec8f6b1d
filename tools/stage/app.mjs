/** The app of every gateway here, and the identifiers of its events and users. */
export const APP_ID = 'app123';
/** Another app, with a vendor of its own. */
export const OTHER_APP_ID = 'app456';
export const WEBHOOK = { username: 'cometchat', password: 'webhook-bench' };
export const OPERATOR = { username: 'operator', password: 'operator-bench' };

/** Prefix of an event's tag; the vendor stand-in reads the event number after it. */
const TAG = 'bench-';
/** @param {string} event nine digits */
export const tagOf = (event) => `${TAG}${event}`;
export const TAG_PATTERN = new RegExp(`${TAG}(\\d{9})`);
/** @param {string} user nine digits */
export const userUid = (user) => `user-${user}`;

let nextEvent = 0;
/**
 * Reserves event numbers for one run, so that none is recognised as a repeat of another run's event.
 *
 * @param {number} count maximum
 * @returns {number} the first number
 */
export function takeEvents(count) {
  const first = nextEvent;
  nextEvent += count;
  return first;
}
