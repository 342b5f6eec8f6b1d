/** How much slower than a fast idle machine this one was when `npm test` started; 1 or more. */
export const SLOWNESS = Number(process.env['TEST_SLOWNESS'] ?? 1);
/** Reached only by conditions that never hold. */
const LIMIT_MS = 60_000 * SLOWNESS;
const LOOK_EVERY_MS = 20;

/** A request timeout for vendors that hang; every real answer, even the first over TLS, arrives well within it. */
export const SHORT_TIMEOUT_MS = Math.round(1_000 * SLOWNESS);

/**
 * Waits until a condition holds. Every wait of a test uses this function.
 *
 * @param holds is called every 20 ms; any result but `undefined` and `false` ends the wait.
 * @param state is included in the error if the condition never holds.
 * @returns the result of `holds`.
 * @throws Error with `state` after 60 s, or longer on a slow machine.
 */
export async function until<T>(
  holds: () => T | Promise<T>,
  state: () => unknown = () => holds.toString(),
): Promise<Exclude<T, undefined | false>> {
  for (const deadline = performance.now() + LIMIT_MS; ;) {
    const value = await holds();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (performance.now() > deadline) {
      throw new Error(`The condition did not hold within ${LIMIT_MS} ms: ${JSON.stringify(await state())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
