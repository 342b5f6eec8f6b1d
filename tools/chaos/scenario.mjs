/**
 * @typedef {Awaited<ReturnType<import('./scene.mjs').Scene['settle']>>} Settled
 *
 * A condition beyond the loss of events.
 *
 * @typedef {{ what: string, holds: boolean }} Check
 *
 * Outcome of a scenario.
 *
 * @typedef {object} Outcome
 * @property {Settled} settled
 * @property {number} doublesAtMost
 * @property {string} [because] reason for the bound
 * @property {Check[]} checks
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} title description in the table
 * @property {boolean} [isShort] part of the short form
 * @property {() => string | undefined} [unplayable] reason why it cannot run on this machine
 * @property {(sizes: import('./options.mjs').Sizes) => Promise<Outcome>} play
 */

/** CometChat's timeout. */
export const ANSWER_WITHIN_MS = 2_000;

/** @param {string} what @param {boolean} holds @returns {Check} */
export const check = (what, holds) => ({ what, holds });

/** @param {Outcome} outcome @returns {Check[]} those of this scenario and of all scenarios */
export function checksOf({ settled, checks }) {
  const { pendingJobs, late, webhooks } = settled;
  const repeats = webhooks.filter(({ isDuplicate }) => isDuplicate).length;
  return [
    ...checks,
    ...(late > 0 ? [check(`${late} rings arrived after the end of the call`, false)] : []),
    ...(pendingJobs > 0 ? [check(`${pendingJobs} jobs left in the queue`, false)] : []),
    ...(repeats > 0 ? [check(`${repeats} new events treated as repeats`, false)] : []),
  ];
}

/** @param {Outcome} outcome */
export const hasPassed = (outcome) =>
  outcome.settled.lost.length === 0 &&
  outcome.settled.doubled <= outcome.doublesAtMost &&
  checksOf(outcome).every(({ holds }) => holds);

/**
 * Verifies that all of these webhooks were answered 200 within CometChat's timeout.
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
