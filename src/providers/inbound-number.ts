/**
 * The number of one who has sent a text, in E.164; vendors leave the plus out.
 *
 * @returns undefined for short codes and names, which can neither opt out nor be answered.
 */
export function inboundNumber(sender: string): string | undefined {
  const digits = /^\+?([1-9]\d{6,14})$/.exec(sender.trim())?.[1];
  return digits === undefined ? undefined : `+${digits}`;
}
