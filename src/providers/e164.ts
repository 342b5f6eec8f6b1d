/**
 * Converts a vendor's phone number, with or without plus, to E.164.
 *
 * @returns undefined for short codes, names and addresses of other channels (`whatsapp:+…`).
 */
export function e164(number: unknown): string | undefined {
  const digits = typeof number === 'string' ? /^\+?([1-9]\d{6,14})$/.exec(number.trim())?.[1] : undefined;
  return digits === undefined ? undefined : `+${digits}`;
}
