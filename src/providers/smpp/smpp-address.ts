/** A type of number and a numbering plan (SMPP 3.4, 5.2.5 and 5.2.6). */
interface AddressKind {
  readonly ton: number;
  readonly npi: number;
}

/** An E.164 number, without its plus. */
const INTERNATIONAL: AddressKind = { ton: 1, npi: 1 };
/** Of the network: what centres ask for with short codes, such as https://www.openmarket.com/docs/Content/apis/v4smpp */
const SHORT_CODE: AddressKind = { ton: 3, npi: 0 };
const ALPHANUMERIC: AddressKind = { ton: 5, npi: 0 };

const LONGEST_SHORT_CODE = 8;

export interface SmppAddress extends AddressKind {
  readonly address: string;
}

/** A sender as `submit_sm` has it. @param set what the settings say in place of what its form tells. */
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
  return from.length <= LONGEST_SHORT_CODE && !from.startsWith('+') ? SHORT_CODE : INTERNATIONAL;
}

/**
 * The number of somebody who wrote, in E.164. Centres often leave the type open where they mean an international one;
 * what cannot be told stays as it is.
 */
export function senderNumber(address: string, ton: number): string {
  const isInternational = ton === 1 || (ton === 0 && address.length > LONGEST_SHORT_CODE);
  return isInternational && /^\d{7,15}$/.test(address) ? `+${address}` : address;
}
