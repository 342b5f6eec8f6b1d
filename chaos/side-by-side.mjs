import { percentile } from '../tools/simulator/report.mjs';
import { check } from './scenario.mjs';

/** What the machine itself does now and then must not fail a run. */
const MOST_SLOWER = 4;
/** Below this, a ratio says nothing. */
const LEAST_MS = 250;
const LEAST_TAKEN = 0.9;

/** @typedef {{ from: number, to: number }} Span by `now()` */

/**
 * An app whose vendor is well goes on as before while another app's is not: compared in the same run.
 *
 * @param {import('./scenario.mjs').Settled} settled
 * @param {string} appId
 * @param {Span} before
 * @param {Span} meanwhile
 * @returns {import('./scenario.mjs').Check}
 */
export function goesOn({ webhooks, taken }, appId, before, meanwhile) {
  const of = (/** @type {Span} */ { from, to }) => {
    const own = webhooks.filter(
      (webhook) => webhook.appId === appId && webhook.postedAt >= from && webhook.postedAt < to,
    );
    const tookMs = own.map(
      ({ event, postedAt }) => (taken.get(event)?.[0] ?? Number.POSITIVE_INFINITY) - postedAt,
    );
    const inTime = own.filter(({ event }) => (taken.get(event)?.[0] ?? Number.POSITIVE_INFINITY) < to);
    const sorted = tookMs.toSorted((a, b) => a - b);
    return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), share: inTime.length / own.length };
  };
  const was = of(before);
  const is = of(meanwhile);
  const ratio = is.p50 / was.p50;
  const written = (/** @type {{ p50: number, p99: number }} */ { p50, p99 }) =>
    `${Math.round(p50)} ms (p99 ${Math.round(p99)} ms)`;
  return check(
    `the other app: webhook to vendor ${written(was)} before, ${written(is)} meanwhile, a ratio of ${ratio.toFixed(1)}; ${Math.round(is.share * 100)} % of its webhooks delivered meanwhile`,
    is.p50 <= Math.max(was.p50 * MOST_SLOWER, LEAST_MS) && is.share >= LEAST_TAKEN,
  );
}
