/** Type of number and numbering plan (SMPP 3.4, 5.2.5 and 5.2.6). */
interface AddressKind {
  readonly ton: number;
  readonly npi: number;
}

/** An E.164 number without plus. */
const INTERNATIONAL: AddressKind = { ton: 1, npi: 1 };
/**
 * Network-specific, as SMSCs expect for short codes, for example https://www.openmarket.com/docs/Content/apis/v4smpp
 */
const SHORT_CODE: AddressKind = { ton: 3, npi: 0 };
const ALPHANUMERIC: AddressKind = { ton: 5, npi: 0 };

const MAX_SHORT_CODE_LENGTH = 8;

export interface SmppAddress extends AddressKind {
  readonly address: string;
}

/** Converts a sender for `submit_sm`. @param set settings that override the derived values. */
export function sourceAddress(
  from: string,
  set: { ton?: number | undefined; npi?: number | undefined },
): SmppAddress {
  const { ton, npi } = kindOf(from);
  const address = /^\+\d+$/.test(from) ? from.slice(1) : from;
  return { address, ton: set.ton ?? ton, npi: set.npi ?? npi };
}

export function destinationAddress(phno: string): SmppAddress {
  return { address: phno.replace(/^\+/, ''), ...INTERNATIONAL };
}

function kindOf(from: string): AddressKind {
  if (!/^\+?\d+$/.test(from)) return ALPHANUMERIC;
  return from.length <= MAX_SHORT_CODE_LENGTH && !from.startsWith('+') ? SHORT_CODE : INTERNATIONAL;
}

/**
 * Converts the sender of an inbound SMS to E.164. SMSCs often omit the type of international numbers; ambiguous ones
 * stay unchanged.
 */
export function senderNumber(address: string, ton: number): string {
  const isInternational = ton === 1 || (ton === 0 && address.length > MAX_SHORT_CODE_LENGTH);
  return isInternational && /^\d{7,15}$/.test(address) ? `+${address}` : address;
}
