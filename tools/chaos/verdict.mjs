/**
 * @typedef {import('./stream.mjs').Webhook} Webhook
 *
 * When the vendors took each event, as often as they did. Times are those of `now()`.
 *
 * @typedef {Map<number, number[]>} Taken
 *
 * How a delivery stands in the ledger.
 *
 * @typedef {{ status: string, reason: string | null }} Entry
 *
 * @typedef {object} Verdict
 * @property {number} posted
 * @property {number} acknowledged
 * @property {number} delivered of these
 * @property {number} explained of these: not delivered, and the ledger says why
 * @property {Lost[]} lost of these
 * @property {number} doubled messages too many
 * @property {number} late rings that came when the call was over
 *
 * @typedef {Webhook & { entries: Entry[] }} Lost
 */

/** How long a call rings, and how long its last attempt may have taken. */
const RING_MS = 45_000;
const ATTEMPT_MS = 10_000;

/**
 * Why an event needs not be delivered. A ring that comes too late is worth nothing; and a text of which nobody knows
 * whether it was sent is not sent again, unless the app accepts doubles.
 *
 * @param {Webhook} webhook
 * @param {Entry} entry
 */
function isExplained({ kind }, { status, reason }) {
  if (kind === 'call') return status === 'expired';
  return kind === 'sms' && status === 'failed' && reason === 'outcome_unknown';
}

/**
 * Compares what was acknowledged with what the vendors took. What was not acknowledged may have been delivered or not:
 * the sender knows that it has to send it again.
 *
 * @param {readonly Webhook[]} webhooks
 * @param {Taken} taken
 * @param {ReadonlyMap<string, Entry[]>} ledger by notification, of those that no vendor took
 * @returns {Verdict}
 */
export function judge(webhooks, taken, ledger) {
  const acknowledged = webhooks.filter(({ notificationId }) => notificationId !== undefined);
  const missing = acknowledged.filter(({ event }) => !taken.has(event));
  const judged = missing.map((webhook) => ({
    ...webhook,
    entries: ledger.get(webhook.notificationId ?? '') ?? [],
  }));
  const lost = judged.filter(
    (webhook) =>
      webhook.entries.length === 0 || !webhook.entries.every((entry) => isExplained(webhook, entry)),
  );
  const rings = webhooks.filter(({ kind }) => kind === 'call');
  return {
    posted: webhooks.length,
    acknowledged: acknowledged.length,
    delivered: acknowledged.length - missing.length,
    explained: missing.length - lost.length,
    lost,
    doubled: [...taken.values()].reduce((sum, times) => sum + times.length - 1, 0),
    late: rings.filter(({ event, postedAt }) =>
      (taken.get(event) ?? []).some((at) => at - postedAt > RING_MS + ATTEMPT_MS),
    ).length,
  };
}
