import type { ReceiptIdFormat } from './smpp-settings.js';

/**
 * The one form in which a centre's id is kept and compared: lower-case, without leading zeros. Centres write the same
 * id in upper case here and in lower case there, or fill it up with zeros in one of the two places.
 */
export function canonicalId(id: string): string {
  const lower = id.trim().toLowerCase();
  return /^[0-9a-z]+$/.test(lower) ? lower.replace(/^(0x(?=[0-9a-f]+$))?0*(?=.)/, '') : lower;
}

/**
 * The ids under which a message may have been accepted that a receipt calls `id`: many centres answer a submit with a
 * hexadecimal number and write the same number in decimal in the receipt, or the other way round.
 *
 * @returns the likeliest first; all in canonical form.
 */
export function acceptedIds(id: string, format: ReceiptIdFormat): readonly [string, ...string[]] {
  const same = canonicalId(id);
  const asHexadecimal = /^\d+$/.test(same) ? BigInt(same).toString(16) : undefined;
  const asDecimal = /^[0-9a-f]+$/.test(same) ? BigInt(`0x${same}`).toString() : undefined;
  switch (format) {
    case 'same':
      return [same];
    case 'decimal':
      return [asHexadecimal ?? same];
    case 'hexadecimal':
      return [asDecimal ?? same];
    case 'any': {
      const others = [asHexadecimal, asDecimal].filter((other) => other !== undefined && other !== same);
      return [same, ...new Set(others as string[])];
    }
  }
}
