/**
 * @typedef {Awaited<ReturnType<import('./scene.mjs').Scene['settle']>>} Settled
 *
 * Something that must hold beside that nothing is lost.
 *
 * @typedef {{ what: string, holds: boolean }} Check
 *
 * What a scenario came to.
 *
 * @typedef {object} Outcome
 * @property {Settled} settled
 * @property {number} doublesAtMost
 * @property {string} [because] why so many
 * @property {Check[]} checks
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} title what happens, for the table
 * @property {boolean} [isShort] part of the short form
 * @property {() => string | undefined} [unplayable] why it cannot be played on this machine
 * @property {(sizes: import('./options.mjs').Sizes) => Promise<Outcome>} play
 */

/** CometChat listens for so long. */
export const ANSWER_WITHIN_MS = 2_000;

/**
 * What was found out, and that it had to be so.
 *
 * @param {string} what
 * @param {boolean} holds
 * @returns {Check}
 */
export const check = (what, holds) => ({ what, holds });

/** @param {Outcome} outcome @returns {Check[]} what holds of every scenario, and what holds of this one */
export function checksOf({ settled, checks }) {
  const { pendingJobs, late, webhooks } = settled;
  const repeats = webhooks.filter(({ isDuplicate }) => isDuplicate).length;
  return [
    ...checks,
    ...(late > 0 ? [check(`${late} rings came when the call was over`, false)] : []),
    ...(pendingJobs > 0 ? [check(`${pendingJobs} jobs were left in the queue`, false)] : []),
    ...(repeats > 0 ? [check(`${repeats} new events were called repeats`, false)] : []),
  ];
}

/** @param {Outcome} outcome */
export const hasPassed = (outcome) =>
  outcome.settled.lost.length === 0 &&
  outcome.settled.doubled <= outcome.doublesAtMost &&
  checksOf(outcome).every(({ holds }) => holds);

/**
 * All webhooks, or those of them that count here, were answered 200 while CometChat still listened.
 *
 * @param {readonly import('./stream.mjs').Webhook[]} webhooks
 * @param {string} [when]
 * @returns {Check}
 */
export function allAnswered(webhooks, when = '') {
  const slowest = Math.max(0, ...webhooks.map(({ tookMs }) => tookMs));
  const refused = webhooks.filter(({ notificationId }) => notificationId === undefined);
  const kinds = [...new Set(refused.map(({ answer }) => answer))].join(', ');
  const rest = refused.length > 0 ? `, ${refused.length} refused (${kinds})` : '';
  const what = `${count(webhooks.length)} webhooks${when} answered within ${Math.ceil(slowest)} ms${rest}`;
  return check(what, refused.length === 0 && slowest <= ANSWER_WITHIN_MS);
}

/** @param {number} value */
export const count = (value) => value.toLocaleString('en');
