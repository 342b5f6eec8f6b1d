/** How often the two clocks are compared, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** What the clock may be put back by without anybody minding, in milliseconds. */
export const STEP_MS = 2_000;

/**
 * Watches whether the time of day is put back, by comparing it with a clock that nobody sets.
 *
 * @param onSetBack is told by how much, in milliseconds.
 * @returns ends it.
 */
export function watchClock(onSetBack: (byMs: number) => void): () => void {
  const difference = (): number => Date.now() - performance.now();
  let before = difference();
  const timer = setInterval(() => {
    const byMs = before - difference();
    before = difference();
    if (byMs > STEP_MS) onSetBack(byMs);
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}
