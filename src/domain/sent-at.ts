/** Minimum valid time in seconds since the epoch. */
const FIRST_SECONDS = 1e8;
const FIRST_MS = 1e11;
const FIRST_MICROSECONDS = 1e14;
const END = 1e17;

/**
 * Parses the time of an event into milliseconds since the epoch. CometChat sends milliseconds as a string, and seconds
 * in message objects; the magnitude identifies the unit.
 *
 * @returns undefined if the value is not a time.
 */
export function sentAtMs(sentAt: unknown): number | undefined {
  if (typeof sentAt !== 'number' && typeof sentAt !== 'string') return undefined;
  const value = typeof sentAt === 'string' && sentAt.trim() === '' ? NaN : Number(sentAt);
  if (!(value >= FIRST_SECONDS && value < END)) return undefined;
  if (value < FIRST_MS) return Math.round(value * 1_000);
  return Math.round(value < FIRST_MICROSECONDS ? value : value / 1_000);
}
