/**
 * Masks a token, phone number or address for display and logs: recognisable but not usable. Short values are
 * removed completely.
 */
export function mask(value: string): string {
  if (value.length <= 8) return '…';
  const [head, tail] = value.length < 16 ? [3, 2] : [4, 3];
  return `${value.slice(0, head)}…${value.slice(-tail)}`;
}

const LONGEST_TEXT = 200;
/** A value that may identify somebody; shorter ones, such as a language, are part of ordinary words. */
const SHORTEST_PRIVATE = 4;
const TOKEN = /[\w:%+=-]{20,}/g;
const NUMBER = /\+?\d(?:[\s().-]*\d){6,}/g;
const EMAIL = /[^\s@<>"']+@[^\s@<>"']+/g;

/**
 * Masks what a vendor says about a message: tokens, phone numbers, e-mail addresses and the given values.
 *
 * @param values what must not be shown, such as the parts of the message.
 * @returns at most 200 characters on one line.
 */
export function maskedText(text: string, values: readonly string[] = []): string {
  let masked = text;
  const longestFirst = values.filter(({ length }) => length >= SHORTEST_PRIVATE);
  for (const value of longestFirst.sort((a, b) => b.length - a.length)) {
    masked = masked.replaceAll(value, mask(value));
  }
  masked = masked
    .replace(EMAIL, '…')
    .replace(TOKEN, mask)
    .replace(NUMBER, mask)
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
  return masked.length > LONGEST_TEXT ? `${masked.slice(0, LONGEST_TEXT - 1)}…` : masked;
}
