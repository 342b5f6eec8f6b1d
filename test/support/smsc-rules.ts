import type { Pdu } from 'smpp';
import { smpp } from '../../src/providers/smpp/smpp-package.js';

/** An address in a PDU. */
export interface SmscAddress {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

/** Position of a part in a long SMS. */
export interface SmscPlace {
  readonly reference: number;
  readonly total: number;
  readonly number: number;
}

/** A valid `submit_sm`. */
export interface SmscSubmit {
  readonly from: SmscAddress;
  readonly to: SmscAddress;
  readonly serviceType: string;
  readonly validityPeriod: string;
  readonly encoding: 'gsm7' | 'ucs2';
  /** The text without the user data header. */
  readonly octets: Buffer;
  readonly place: SmscPlace | undefined;
}

/** Maximum octets of an SMS without and with a user data header. */
const LONGEST = { gsm7: [160, 153], ucs2: [140, 134] } as const;

/**
 * Parses a `submit_sm` strictly.
 *
 * @returns the submit, or the name of the `command_status` that refuses it.
 */
export function readSubmit(pdu: Pdu, isLatin1 = false): SmscSubmit | string {
  const text = (name: string): string => String(pdu[name]);
  const number = (name: string): number => Number(pdu[name]);
  const address = (side: 'source' | 'dest', name: string): SmscAddress => ({
    ton: number(`${side}_addr_ton`),
    npi: number(`${side}_addr_npi`),
    address: text(name),
  });
  const from = address('source', 'source_addr');
  const to = address('dest', 'destination_addr');
  if (!isSender(from)) return 'ESME_RINVSRCADR';
  if (to.ton !== 1) return 'ESME_RINVDSTTON';
  if (to.npi !== 1) return 'ESME_RINVDSTNPI';
  if (!/^[1-9]\d{6,14}$/.test(to.address)) return 'ESME_RINVDSTADR';
  const serviceType = text('service_type');
  if (serviceType.length > 5) return 'ESME_RINVSERTYP';
  if (number('registered_delivery') !== 1) return 'ESME_RINVREGDLVFLG';
  if (number('priority_flag') !== 0) return 'ESME_RINVPRTFLG';
  if (text('schedule_delivery_time') !== '') return 'ESME_RINVSCHED';
  const validityPeriod = text('validity_period');
  if (!/^0000([0-2]\d|30)([01]\d|2[0-3])[0-5]\d[0-5]\d000R$/.test(validityPeriod)) return 'ESME_RINVEXPIRY';
  const encoding = { 0: 'gsm7', 8: 'ucs2' }[number('data_coding')] as 'gsm7' | 'ucs2' | undefined;
  if (encoding === undefined) return 'ESME_RINVDCS';
  const all = pdu['short_message'];
  if (!Buffer.isBuffer(all) || all.length === 0) return 'ESME_RINVMSGLEN';
  const header = { 0: 0, 0x40: 6 }[number('esm_class')];
  if (header === undefined) return 'ESME_RINVESMCLASS';
  const octets = all.subarray(header);
  const place = header === 0 ? undefined : readPlace(all);
  if (header !== 0 && place === undefined) return 'ESME_RINVESMCLASS';
  if (octets.length > LONGEST[encoding][header === 0 ? 0 : 1]) return 'ESME_RINVMSGLEN';
  if (!(isLatin1 && encoding === 'gsm7') && !isWhole(octets, encoding)) return 'ESME_RINVDCS';
  return { from, to, serviceType, validityPeriod, encoding, octets, place };
}

/** The text as decoded by the package, which the provider does not use. */
export function smscText(octets: Buffer, encoding: 'gsm7' | 'ucs2'): string {
  if (encoding === 'gsm7') return smpp.gsmCoder.decode(octets, 0);
  return Buffer.from(octets).swap16().toString('utf16le');
}

function isSender({ ton, npi, address }: SmscAddress): boolean {
  switch (ton) {
    case 1:
      return npi === 1 && /^[1-9]\d{6,14}$/.test(address);
    case 3:
      return npi === 0 && /^\d{3,8}$/.test(address);
    case 5:
      return npi === 0 && /^(?=.*[A-Za-z])[ -~]{1,11}$/.test(address);
    default:
      return false;
  }
}

function readPlace(all: Buffer): SmscPlace | undefined {
  const [length, element, size, reference = 0, total = 0, number = 0] = all;
  if (length !== 5 || element !== 0 || size !== 3) return undefined;
  return total > 1 && number >= 1 && number <= total ? { reference, total, number } : undefined;
}

/** Whether all octets are in the alphabet and no character is truncated. */
function isWhole(octets: Buffer, encoding: 'gsm7' | 'ucs2'): boolean {
  if (encoding === 'gsm7') return octets.every((octet) => octet < 0x80) && octets.at(-1) !== 0x1b;
  if (octets.length % 2 !== 0) return false;
  const last = octets.readUInt16BE(octets.length - 2);
  const first = octets.readUInt16BE(0);
  return !(last >= 0xd800 && last < 0xdc00) && !(first >= 0xdc00 && first < 0xe000);
}
