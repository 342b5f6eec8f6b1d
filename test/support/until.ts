/** How much slower than a fast machine at rest this one was when `npm test` started; 1 or more. */
export const SLOWNESS = Number(process.env['TEST_SLOWNESS'] ?? 1);
/** Only what will never happen reaches it. */
const LIMIT_MS = 60_000 * SLOWNESS;
const LOOK_EVERY_MS = 20;

/**
 * Waits until a condition holds. Every test that waits for something waits with this function.
 *
 * @param holds is asked every 20 ms; anything but `undefined` and `false` ends the wait.
 * @param state what to show where the condition never holds.
 * @returns what `holds` returned.
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
      throw new Error(`It did not happen within ${LIMIT_MS} ms: ${JSON.stringify(await state())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
