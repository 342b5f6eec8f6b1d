/** In seconds since the epoch; what is less tells no time. */
const FIRST_SECONDS = 1e8;
const FIRST_MS = 1e11;
const FIRST_MICROSECONDS = 1e14;
const END = 1e17;

/**
 * The time of an event in whole milliseconds since the epoch. CometChat writes milliseconds as text; its message objects
 * have seconds. The unit follows from the magnitude.
 *
 * @returns undefined where the value tells no time.
 */
export function sentAtMs(sentAt: unknown): number | undefined {
  if (typeof sentAt !== 'number' && typeof sentAt !== 'string') return undefined;
  const value = typeof sentAt === 'string' && sentAt.trim() === '' ? NaN : Number(sentAt);
  if (!(value >= FIRST_SECONDS && value < END)) return undefined;
  if (value < FIRST_MS) return Math.round(value * 1_000);
  return Math.round(value < FIRST_MICROSECONDS ? value : value / 1_000);
}
