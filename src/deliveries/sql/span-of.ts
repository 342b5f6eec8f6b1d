import { firstIdAt, momentOf } from '../../platform/ids/new-id.js';

// The ledger's tables are partitioned by the time in their ids (ADR 0031). PostgreSQL cannot prune partitions by a list
// of ids, but it can by bounds. Bounds accompany the list and never replace it: with one old delivery among new ones
// they span the whole table.

export interface Span {
  readonly first: string;
  readonly last: string;
}

const NIL = '00000000-0000-0000-0000-000000000000';
/** Maximum lag of the clock behind a delivery's id compared with the clock behind its notification's id. */
const SLACK_MS = 86_400_000;

/** The lowest and the highest of the given ids. */
export function spanOf(ids: readonly string[]): Span {
  let [first = NIL] = ids;
  let last = first;
  for (const id of ids) {
    if (id < first) first = id;
    if (id > last) last = id;
  }
  return { first, last };
}

/** An id below those of all deliveries of these notifications: a delivery is planned after its notification arrives. */
export function beforeDeliveriesOf(notificationIds: readonly string[]): string {
  const { first } = spanOf(notificationIds);
  return firstIdAt(new Date(Math.max(0, momentOf(first).getTime() - SLACK_MS)));
}
