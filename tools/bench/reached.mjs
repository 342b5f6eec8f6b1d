/**
 * Times from a webhook until the vendor had received its message, for webhooks on new connections.
 *
 * @param {Pick<import('../stage/load.mjs').Posted, 'first' | 'sent' | 'postedAt'>} posted
 * @param {Pick<import('../stage/programs/vendor-stand-in.mjs').Taken, 'events' | 'arrivedAt'>} taken
 * @returns {number[]} in ms, ascending
 */
export function reachedInMs({ first, sent, postedAt }, { events, arrivedAt }) {
  const reachedAt = new Map(events.map((event, index) => [event, arrivedAt[index] ?? Number.NaN]));
  const tookMs = Array.from(
    { length: sent },
    (_, index) => (reachedAt.get(first + index) ?? Number.NaN) - (postedAt[index] ?? Number.NaN),
  );
  return tookMs.toSorted((a, b) => a - b);
}
