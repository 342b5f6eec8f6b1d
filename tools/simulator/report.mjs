/**
 * @typedef {import('./gateway.mjs').Notification} Notification
 * @typedef {import('./posting.mjs').Posted} Posted
 */

/**
 * The final table.
 *
 * @param {Posted} posted
 * @param {ReadonlyMap<string, Notification | undefined>} notifications accepted notifications in their last known state
 * @param {number} totalMs
 * @returns {{ text: string, isGood: boolean }} `isGood`: every webhook was accepted, and every accepted one settled
 */
export function report(posted, notifications, totalMs) {
  const refused = posted.answers.flatMap((answer) => ('refused' in answer ? [answer.refused] : []));
  const duplicates = posted.answers.filter((answer) => 'duplicate' in answer && answer.duplicate);
  const deliveries = [...notifications.values()].flatMap((notification) => notification?.deliveries ?? []);
  const settled = [...notifications.values()].filter((notification) => notification?.settledAt);
  const missing = [...notifications.values()].filter((notification) => notification === undefined);
  const open = notifications.size - settled.length;
  const answerMs = posted.answers.map(({ answeredInMs }) => answeredInMs);
  const settleMs = settled.map((n) => Date.parse(n?.settledAt ?? '') - Date.parse(n?.receivedAt ?? ''));

  const rows = [
    ['webhooks posted', count(posted.answers.length)],
    ['  accepted', count(notifications.size)],
    ['  duplicates', count(duplicates.length)],
    ...tally(refused).map(([what, n]) => [`  refused: ${what}`, count(n)]),
    ['deliveries', count(deliveries.length)],
    ...tally(deliveries.map(outcomeOf)).map(([what, n]) => [`  ${what}`, count(n)]),
    ...(missing.length > 0 ? [['accepted, not yet in the ledger', count(missing.length)]] : []),
    ['notifications settled', `${count(settled.length)} of ${count(notifications.size)}`],
    ['time to answer', percentiles(answerMs)],
    ['webhook to settled', percentiles(settleMs)],
    ['posting took', `${seconds(posted.tookMs)} (${count(perSecond(posted))} webhooks per second)`],
    ...(posted.latenessMs > 100 ? [['behind the rate', seconds(posted.latenessMs)]] : []),
    ['total', seconds(totalMs)],
  ];
  const width = Math.max(...rows.map(([label = '']) => label.length));
  const text = rows.map(([label = '', value]) => `${label.padEnd(width)}  ${value}`).join('\n');
  return { text, isGood: posted.answers.length > 0 && refused.length === 0 && open === 0 };
}

/** @param {import('./gateway.mjs').Delivery} delivery */
function outcomeOf({ status, reason }) {
  if (status === 'queued') return 'still queued';
  return reason === null ? status : `${status}: ${reason}`;
}

/** @param {readonly string[]} values @returns {[string, number][]} count of each value, the most frequent first */
export function tally(values) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([a, n], [b, m]) => m - n || a.localeCompare(b));
}

/** @param {readonly number[]} sorted ascending @param {number} share from 0 to 1 */
export function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** @param {readonly number[]} timesMs */
function percentiles(timesMs) {
  if (timesMs.length === 0) return '-';
  const sorted = timesMs.toSorted((a, b) => a - b);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => Math.round(percentile(sorted, share)));
  return `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`;
}

/** @param {Posted} posted */
const perSecond = ({ answers, tookMs }) => Math.round(answers.length / (tookMs / 1_000));

/** @param {number} n */
const count = (n) => n.toLocaleString('en');

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;
