import { crc32 } from 'node:zlib';

/**
 * A segment is a sequence of records: a four-byte mark that cannot occur in UTF-8, the length of the payload, a CRC32
 * over length and payload, the payload.
 */
const MARK = Buffer.from([0xff, 0xb3, 0x11, 0xfe]);
const HEADER_BYTES = 12;

/** Decoded segment. */
export interface SegmentContent {
  /** The payloads of all intact records, in order. */
  readonly payloads: readonly Buffer[];
  /** Corrupt bytes: a damaged record, or anything before an intact one. */
  readonly damagedBytes: number;
  /** Bytes of an incomplete last record, whose write was cut off and never acknowledged. */
  readonly tornBytes: number;
}

/** @param payload UTF-8. */
export function encodeRecord(payload: Buffer): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  MARK.copy(record);
  record.writeUInt32BE(payload.length, 4);
  payload.copy(record, HEADER_BYTES);
  record.writeUInt32BE(checksum(record), 8);
  return record;
}

/** Finds every intact record, regardless of the bytes in between. */
export function decodeSegment(bytes: Buffer): SegmentContent {
  const payloads: Buffer[] = [];
  let damagedBytes = 0;
  let end = 0; // of the last intact record
  for (let at = bytes.indexOf(MARK); at >= 0;) {
    const length = intactRecordAt(bytes, at);
    if (length === undefined) {
      at = bytes.indexOf(MARK, at + 1);
      continue;
    }
    damagedBytes += at - end;
    end = at + length;
    payloads.push(bytes.subarray(at + HEADER_BYTES, end));
    at = bytes.indexOf(MARK, end);
  }
  const tail = bytes.subarray(end);
  const isComplete =
    tail.length >= HEADER_BYTES && tail.indexOf(MARK) === 0 && lengthAt(tail, 0) <= tail.length;
  return isComplete
    ? { payloads, damagedBytes: damagedBytes + tail.length, tornBytes: 0 }
    : { payloads, damagedBytes, tornBytes: tail.length };
}

function lengthAt(bytes: Buffer, at: number): number {
  return HEADER_BYTES + bytes.readUInt32BE(at + 4);
}

/** The length, with header, of the intact record at this position, if any. */
function intactRecordAt(bytes: Buffer, at: number): number | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined;
  const length = lengthAt(bytes, at);
  if (at + length > bytes.length) return undefined;
  const record = bytes.subarray(at, at + length);
  return record.readUInt32BE(8) === checksum(record) ? length : undefined;
}

function checksum(record: Buffer): number {
  return crc32(record.subarray(HEADER_BYTES), crc32(record.subarray(4, 8)));
}
