/** Work that took longer than its time limit. */
export class TimeLimitExceeded extends Error {
  override readonly name = 'TimeLimitExceeded';

  constructor(readonly limitMs: number) {
    super(`no answer within ${limitMs} ms`);
  }
}

/**
 * Waits for work up to a time limit. The work itself goes on.
 *
 * @param faultOf makes the error that is thrown at the limit; unset: `TimeLimitExceeded`.
 * @throws TimeLimitExceeded after `limitMs`, or the error of `faultOf`; before the limit, the error of the work.
 */
export function within<T>(
  limitMs: number,
  work: Promise<T>,
  faultOf: (exceeded: TimeLimitExceeded) => Error = (exceeded) => exceeded,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(faultOf(new TimeLimitExceeded(limitMs))), limitMs);
    const inTime =
      <R>(settle: (result: R) => void) =>
      (result: R): void => {
        clearTimeout(timer);
        settle(result);
      };
    work.then(inTime(resolve), inTime(reject));
  });
}
