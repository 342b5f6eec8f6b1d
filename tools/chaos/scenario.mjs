/**
 * How the gateway is deployed: `redis` is a process per role with its queue on Redis, `embedded` a single process that
 * starts its own PostgreSQL, with its queue on that.
 *
 * @typedef {'redis' | 'embedded'} Deployment
 *
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
 * @property {readonly Deployment[]} [on] deployments that have what it injects faults into; unset: all
 * @property {readonly Deployment[]} [shortOn] deployments on which it is part of the short form; unset: none
 * @property {() => string | undefined} [unplayable] reason why it cannot run on this machine
 * @property {(sizes: import('./options.mjs').Sizes, deployment: Deployment) => Promise<Outcome>} play
 *
 * A scenario on one deployment.
 *
 * @typedef {{ scenario: Scenario, deployment: Deployment }} Run
 */

/** @type {readonly Deployment[]} */
export const DEPLOYMENTS = ['redis', 'embedded'];

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

/** @param {import('./scene.mjs').Scene} scene @returns {Check} */
export const noneExited = ({ services }) =>
  check(
    'no process exited',
    services.every(({ crashes }) => crashes === 0),
  );

/** @param {number} value */
export const count = (value) => value.toLocaleString('en');
