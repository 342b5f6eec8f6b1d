import type { ReceiptIdFormat } from './smpp-settings.js';

/**
 * Normalizes an SMSC's message id for storage and comparison: lower-case, without leading zeros. SMSCs differ in case
 * and zero padding between responses and delivery reports.
 */
export function canonicalId(id: string): string {
  const lower = id.trim().toLowerCase();
  return /^[0-9a-z]+$/.test(lower) ? lower.replace(/^(0x(?=[0-9a-f]+$))?0*(?=.)/, '') : lower;
}

/**
 * The ids that a message may have been accepted under, given the id in its delivery report: many SMSCs use hexadecimal
 * in the response and decimal in the delivery report, or the reverse.
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
