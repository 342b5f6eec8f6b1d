/**
 * Estimates a quantile from the counts of buckets, by linear interpolation inside the bucket that holds it, as Prometheus'
 * `histogram_quantile` does.
 *
 * @param q between 0 and 1.
 * @param bounds upper bounds of the buckets, ascending; the last bucket has none.
 * @param counts values in each bucket, one more than bounds.
 * @returns null without values; the last bound for a quantile in the bucket without a bound.
 */
export function quantile(q: number, bounds: readonly number[], counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return null;
  const rank = q * total;
  let below = 0;
  for (const [index, bound] of bounds.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0 && below + count >= rank) {
      const lower = bounds[index - 1] ?? 0;
      return lower + ((bound - lower) * (rank - below)) / count;
    }
    below += count;
  }
  return bounds.at(-1) ?? null;
}

/**
 * The bucket that counts values up to `le`, as Prometheus writes it. A bound that an earlier version had counts as the
 * next larger one.
 */
export function bucketOf(bounds: readonly number[], le: string | undefined): number {
  const bound = le === '+Inf' ? Infinity : Number(le);
  const index = bounds.findIndex((own) => own >= bound);
  return index === -1 ? bounds.length : index;
}
