/** Interval in ms at which the clocks are compared. */
const COMPARE_EVERY_MS = 1_000;
/** Largest step in ms that is ignored. */
export const STEP_MS = 2_000;

/**
 * Detects that the system clock was set back, by comparing it with the monotonic clock.
 *
 * @param onSetBack receives the step in ms.
 * @returns a function that ends the watch.
 */
export function watchClock(onSetBack: (byMs: number) => void): () => void {
  const difference = (): number => Date.now() - performance.now();
  let before = difference();
  const timer = setInterval(() => {
    const byMs = before - difference();
    before = difference();
    if (byMs > STEP_MS) onSetBack(byMs);
  }, COMPARE_EVERY_MS).unref();
  return () => clearInterval(timer);
}
