import { percentile } from '../simulator/report.mjs';
import { check } from './scenario.mjs';

/** Allowed slowdown, which covers noise of the machine. */
const MAX_SLOWDOWN = 4;
/** Below this, a ratio is meaningless. */
const MIN_MS = 250;
/** Required share of the previous rate. */
const MIN_RATE = 0.7;

/** @typedef {{ from: number, to: number }} Span by `now()` */

/**
 * Verifies that an app with a healthy vendor is unaffected while another app's vendor fails, within one run.
 *
 * @param {import('./scenario.mjs').Settled} settled
 * @param {string} appId
 * @param {Span} before
 * @param {Span} meanwhile
 * @returns {import('./scenario.mjs').Check}
 */
export function goesOn({ webhooks, taken }, appId, before, meanwhile) {
  const own = webhooks
    .filter((webhook) => webhook.appId === appId && taken.has(webhook.event))
    .map(({ event, postedAt }) => ({ postedAt, takenAt: taken.get(event)?.[0] ?? Number.NaN }));
  const during = (/** @type {Span} */ { from, to }) => {
    const tookMs = own
      .filter(({ postedAt }) => postedAt >= from && postedAt < to)
      .map(({ postedAt, takenAt }) => takenAt - postedAt)
      .toSorted((a, b) => a - b);
    const rateOf = (/** @type {'postedAt' | 'takenAt'} */ key) =>
      own.filter((event) => event[key] >= from && event[key] < to).length / ((to - from) / 1_000);
    return {
      p50: percentile(tookMs, 0.5),
      p99: percentile(tookMs, 0.99),
      perSecond: rateOf('takenAt'),
      postedPerSecond: rateOf('postedAt'),
    };
  };
  const was = during(before);
  const is = during(meanwhile);
  const written = (/** @type {typeof was} */ { p50, p99, perSecond }) =>
    `${Math.round(p50)} ms (p99 ${Math.round(p99)} ms), ${Math.round(perSecond)}/s`;
  // Events delayed by the warm-up are delivered faster than posted.
  const usual = Math.min(was.perSecond, was.postedPerSecond);
  return check(
    `the other app, webhook to vendor: ${written(was)} before, ${written(is)} meanwhile`,
    is.p50 <= Math.max(was.p50 * MAX_SLOWDOWN, MIN_MS) && is.perSecond >= usual * MIN_RATE,
  );
}
