/** @typedef {import('./load.mjs').Posted} Posted */

/** Something that was acknowledged is gone, or was done more often than it should be. */
export class Miscount extends Error {
  /** @override */
  name = 'Miscount';
}

/** What all checks of a run have seen. */
export const checked = { runs: 0, acknowledged: 0 };

/** @param {Posted} posted @returns {number} events that were answered 200, each of them new */
export const acknowledgedOf = ({ sent, refused, duplicates }) =>
  sent - Object.keys(refused).length - duplicates;

/**
 * Every webhook was answered 200, and none was taken for a repeat of another.
 *
 * @param {Posted} posted
 * @throws {Miscount}
 */
export function checkAnswers({ sent, refused, duplicates }) {
  const reasons = Object.values(refused);
  if (reasons.length === 0 && duplicates === 0) return;
  const kinds = [...new Set(reasons)].join(', ');
  throw new Miscount(
    `Of ${sent} new events ${reasons.length} were not answered 200 (${kinds}), ${duplicates} were called repeats.`,
  );
}

/**
 * The queue holds one job for every event that was acknowledged.
 *
 * @param {Posted} posted
 * @param {import('./lanes.mjs').Lanes} lanes
 * @throws {Miscount}
 */
export async function checkQueued(posted, lanes) {
  const acknowledged = acknowledgedOf(posted);
  const jobs = await lanes.pending();
  if (jobs !== acknowledged)
    throw new Miscount(`${acknowledged} events acknowledged, ${jobs} jobs in the queue.`);
  note(acknowledged);
}

/**
 * The vendor has taken every event that was acknowledged exactly once: each person has one device.
 *
 * @param {readonly Posted[]} runs
 * @param {readonly number[]} taken the events that the vendor was sent
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
      // What was refused may have been stored all the same; the sender was told to send it again.
      if (count === 0 && !(event in refused)) lost++;
      if (count > 1) doubled++;
      times.delete(event);
    }
  }
  const acknowledged = runs.reduce((sum, posted) => sum + acknowledgedOf(posted), 0);
  if (lost > 0 || doubled > 0 || times.size > 0) {
    throw new Miscount(
      `${acknowledged} events acknowledged, ${lost} lost, ${doubled} delivered more than once, ${times.size} that nobody posted.`,
    );
  }
  note(acknowledged);
}

/**
 * The same for messages that were sent without a webhook.
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

/** @param {number} acknowledged */
function note(acknowledged) {
  checked.runs++;
  checked.acknowledged += acknowledged;
}
