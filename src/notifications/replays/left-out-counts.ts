import type { LeftOutCounts } from '../../deliveries/replays/replay-records.js';
import type { LeftOutWhy } from './replay-verdict.js';

/** Adds notifications that were left out to the counts so far. */
export function countLeftOut(soFar: LeftOutCounts, leftOut: readonly LeftOutWhy[]): LeftOutCounts {
  const counts: Record<string, number> = { ...soFar };
  for (const why of leftOut) counts[why] = (counts[why] ?? 0) + 1;
  return counts;
}
