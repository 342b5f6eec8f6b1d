/** SMSCs keep messages for days at most; a month has the longest two-digit number of days that all SMSCs parse. */
const MAX_SECONDS = 30 * 86_400;

/** A relative time in SMPP's format `YYMMDDhhmmss000R` (SMPP 3.4, 7.1.1.2). */
export function validityPeriod(seconds: number): string {
  const whole = Math.min(Math.max(Math.floor(seconds), 1), MAX_SECONDS);
  const fields = [whole / 86_400, (whole / 3_600) % 24, (whole / 60) % 60, whole % 60];
  return `0000${fields.map((field) => String(Math.floor(field)).padStart(2, '0')).join('')}000R`;
}
