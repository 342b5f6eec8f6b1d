import type { Pdu } from 'smpp';
import type { SmppAlphabet } from './smpp-settings.js';
import { gsm7Text } from './gsm7.js';

/** `esm_class`: message type, and whether the content starts with a header (SMPP 3.4, 5.2.12). */
const MESSAGE_KIND = 0x3c;
const HAS_HEADER = 0x40;
/** Header elements for concatenated SMS (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8). */
const CONCATENATED_8_BIT = 0x00;
const CONCATENATED_16_BIT = 0x08;

/** The position of a part in its SMS. */
export interface PartPlace {
  readonly reference: number;
  readonly total: number;
  readonly number: number;
}

/** The content of a `deliver_sm`. */
export interface DeliveredSms {
  /** 0: an ordinary SMS. */
  readonly kind: number;
  /** Without the header. */
  readonly octets: Buffer;
  readonly dataCoding: number;
  /** Unset: a complete SMS. */
  readonly place: PartPlace | undefined;
}

export function readDelivered(pdu: Pdu): DeliveredSms {
  const esmClass = numberIn(pdu['esm_class']) ?? 0;
  const short = pdu['short_message'];
  const long = pdu['message_payload'];
  // Long content is in `message_payload`; `short_message` is then empty.
  const all = Buffer.isBuffer(long) ? long : Buffer.isBuffer(short) ? short : Buffer.alloc(0);
  const headerLength = (esmClass & HAS_HEADER) !== 0 && all.length > 0 ? all.readUInt8(0) + 1 : 0;
  const place = headerLength > 0 ? placeInHeader(all.subarray(1, headerLength)) : placeInTlvs(pdu);
  return {
    kind: esmClass & MESSAGE_KIND,
    octets: all.subarray(headerLength),
    dataCoding: numberIn(pdu['data_coding']) ?? 0,
    place: place && place.number >= 1 && place.number <= place.total && place.total > 1 ? place : undefined,
  };
}

/**
 * @param dataCoding encoding of the octets (SMPP 3.4, 5.2.19).
 * @param own the SMSC's default alphabet, which is 0.
 */
export function textOf(octets: Buffer, dataCoding: number, own: SmppAlphabet = 'gsm7'): string {
  switch (alphabetOf(dataCoding, own)) {
    case 'gsm7':
      return gsm7Text(octets);
    case 'ucs2':
      return Buffer.from(octets.subarray(0, octets.length & ~1))
        .swap16()
        .toString('utf16le');
    case 'latin1':
      return octets.toString('latin1');
  }
}

function alphabetOf(dataCoding: number, own: SmppAlphabet): 'gsm7' | 'ucs2' | 'latin1' {
  // GSM message class scheme: bit 2 means 8-bit data (3GPP TS 23.038, 4).
  if ((dataCoding & 0xf0) === 0xf0) return (dataCoding & 0x04) === 0 ? 'gsm7' : 'latin1';
  // ASCII is a subset of Latin-1.
  if (dataCoding === 0x00) return own === 'gsm7' ? 'gsm7' : 'latin1';
  return dataCoding === 0x08 ? 'ucs2' : 'latin1';
}

function placeInHeader(header: Buffer): PartPlace | undefined {
  for (let at = 0; at + 2 <= header.length;) {
    const [id = 0, length = 0] = header.subarray(at);
    const element = header.subarray(at + 2, at + 2 + length);
    const width = id === CONCATENATED_8_BIT ? 1 : id === CONCATENATED_16_BIT ? 2 : 0;
    if (width > 0 && element.length === width + 2) {
      return {
        reference: element.readUIntBE(0, width),
        total: element.readUInt8(width),
        number: element.readUInt8(width + 1),
      };
    }
    at += 2 + length;
  }
  return undefined;
}

/** Reads the position from TLVs (SMPP 3.4, 5.3.2.22 to 24). */
function placeInTlvs(pdu: Pdu): PartPlace | undefined {
  const reference = tlvNumber(pdu, 'sar_msg_ref_num');
  const total = tlvNumber(pdu, 'sar_total_segments');
  const number = tlvNumber(pdu, 'sar_segment_seqnum');
  return reference === undefined || total === undefined || number === undefined
    ? undefined
    : { reference, total, number };
}

export function tlvNumber(pdu: Pdu, name: string): number | undefined {
  const value = pdu[name];
  return Buffer.isBuffer(value) && value.length >= 1 && value.length <= 4
    ? value.readUIntBE(0, value.length)
    : undefined;
}

/** A string TLV, up to its terminating NUL if present. */
export function tlvString(pdu: Pdu, name: string): string | undefined {
  const value = pdu[name];
  const text = Buffer.isBuffer(value) ? value.toString('latin1').replace(/\0.*$/s, '').trim() : '';
  return text === '' ? undefined : text;
}

export function stringIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
