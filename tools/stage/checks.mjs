/** @typedef {import('./load.mjs').Posted} Posted */

/** An acknowledged event was lost or delivered more than once. */
export class Miscount extends Error {
  /** @override */
  name = 'Miscount';
}

/** Totals of all checks. */
export const checked = { runs: 0, acknowledged: 0, refused: 0 };

/** @param {Posted} posted @returns {number} events not answered 200 */
export const refusedOf = ({ refused }) => Object.keys(refused).length;

/** @param {Posted} posted @returns {number} events answered 200 */
export const acknowledgedOf = (posted) => posted.sent - refusedOf(posted);

/**
 * Verifies that the queue holds one job per acknowledged event.
 *
 * @param {Posted} posted
 * @param {Pick<import('./queues.mjs').Queues, 'pending'>} queues
 * @throws {Miscount}
 */
export async function checkQueued(posted, queues) {
  const jobs = await queues.pending();
  const acknowledged = acknowledgedOf(posted);
  // Refused events may have been stored; the sender was told to repeat them.
  if (jobs < acknowledged || jobs > posted.sent)
    throw new Miscount(`${acknowledged} events acknowledged, ${jobs} jobs in the queue.`);
  note([posted]);
}

/**
 * Verifies that the vendor accepted every acknowledged event exactly once. Each user has one device.
 *
 * @param {readonly Posted[]} runs
 * @param {readonly number[]} taken events that the vendor accepted
 * @throws {Miscount}
 */
export function checkDelivered(runs, taken) {
  /** @type {Map<number, number>} */
  const times = new Map();
  for (const event of taken) times.set(event, (times.get(event) ?? 0) + 1);
  let lost = 0;
  let doubled = 0;
  for (const { first, sent, refused } of runs) {
    for (let event = first; event < first + sent; event++) {
      const count = times.get(event) ?? 0;
      if (count === 0 && !(event in refused)) lost++;
      if (count > 1) doubled++;
      times.delete(event);
    }
  }
  if (lost > 0 || doubled > 0 || times.size > 0) {
    throw new Miscount(
      `${lost} acknowledged events lost, ${doubled} delivered more than once, ${times.size} that nobody posted.`,
    );
  }
  note(runs);
}

/**
 * Verifies that the vendor accepted every acknowledged event at most once, and that the ledger explains all others.
 *
 * @param {Posted} posted
 * @param {readonly number[]} taken events that the vendor accepted
 * @param {number} unknown events of which the ledger says that their outcome is unknown
 * @throws {Miscount}
 */
export function checkAccounted(posted, taken, unknown) {
  const accepted = new Set(taken);
  const missing = Array.from({ length: posted.sent }, (_, index) => posted.first + index).filter(
    (event) => !accepted.has(event) && !(event in posted.refused),
  ).length;
  const doubled = taken.length - accepted.size;
  if (missing > unknown || doubled > 0)
    throw new Miscount(
      `${missing} acknowledged events not delivered, ${unknown} of them explained, ${doubled} delivered more than once.`,
    );
  note([posted]);
}

/**
 * Verifies that messages sent without a webhook arrived exactly once.
 *
 * @param {number} first
 * @param {number} count
 * @param {readonly number[]} taken
 * @throws {Miscount}
 */
export function checkSent(first, count, taken) {
  const events = new Set(taken);
  const isExact = taken.length === count && events.size === count && taken.every((event) => event >= first);
  if (!isExact)
    throw new Miscount(`${count} messages sent, ${taken.length} taken, ${events.size} of them different.`);
}

/** @param {readonly Posted[]} all */
function note(all) {
  checked.runs++;
  for (const posted of all) {
    // All events here are new; one recognised as a repeat was dropped.
    if (posted.duplicates > 0) throw new Miscount(`${posted.duplicates} new events were treated as repeats.`);
    checked.acknowledged += acknowledgedOf(posted);
    checked.refused += refusedOf(posted);
  }
}
