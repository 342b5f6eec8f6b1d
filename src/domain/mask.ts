/**
 * A token, phone number or address as it may be shown to people and written to logs: enough to recognise it by,
 * too little to use it. Short values disappear altogether.
 */
export function mask(value: string): string {
  if (value.length <= 8) return '…';
  const [head, tail] = value.length < 16 ? [3, 2] : [4, 3];
  return `${value.slice(0, head)}…${value.slice(-tail)}`;
}
