/**
 * Masks a token, phone number or address for display and logs: recognisable but not usable. Short values are
 * removed completely.
 */
export function mask(value: string): string {
  if (value.length <= 8) return '…';
  const [head, tail] = value.length < 16 ? [3, 2] : [4, 3];
  return `${value.slice(0, head)}…${value.slice(-tail)}`;
}
