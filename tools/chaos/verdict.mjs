/**
 * @typedef {import('./stream.mjs').Webhook} Webhook
 *
 * Times at which the vendors accepted each event, by `now()`.
 *
 * @typedef {Map<number, number[]>} Taken
 *
 * A delivery in the ledger.
 *
 * @typedef {{ status: string, reason: string | null }} Entry
 *
 * @typedef {object} Verdict
 * @property {number} posted
 * @property {number} acknowledged
 * @property {number} delivered of these
 * @property {number} explained of these: not delivered, with a reason in the ledger
 * @property {Lost[]} lost of these
 * @property {number} doubled messages beyond the first of each event
 * @property {number} late rings after the end of the call
 *
 * @typedef {Webhook & { entries: Entry[] }} Lost
 */

/** Ringing time of a call, and maximum duration of its last attempt. */
const RING_MS = 45_000;
const ATTEMPT_MS = 10_000;

/**
 * Whether an event need not be delivered: a ring after the end of its call, or an SMS whose outcome is unknown, which is
 * not repeated unless the app accepts duplicates.
 *
 * @param {Webhook} webhook
 * @param {Entry} entry
 */
function isExplained({ kind }, { status, reason }) {
  if (kind === 'call') return status === 'expired';
  return kind === 'sms' && status === 'failed' && reason === 'outcome_unknown';
}

/**
 * Compares acknowledged events with those that the vendors accepted. Events without an acknowledgement may have been
 * delivered or not, because the sender repeats them.
 *
 * @param {readonly Webhook[]} webhooks
 * @param {Taken} taken
 * @param {ReadonlyMap<string, Entry[]>} ledger deliveries by notification, for events that no vendor accepted
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
