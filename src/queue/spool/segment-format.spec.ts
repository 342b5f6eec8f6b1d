import { describe, expect, it } from '@jest/globals';
import { decodeSegment, encodeRecord } from './segment-format.js';

const PAYLOADS = ['{"a":1}', '', '{"name":"Zoë","text":"\\u0000 ÿ þ"}', '{"last":true}'].map((text) =>
  Buffer.from(text),
);
const RECORDS = PAYLOADS.map(encodeRecord);
const SEGMENT = Buffer.concat(RECORDS);
/** End of each record. */
const ENDS = RECORDS.map((_, i) => Buffer.concat(RECORDS.slice(0, i + 1)).length);

const textsOf = (bytes: Buffer): string[] => decodeSegment(bytes).payloads.map(String);
const ALL = PAYLOADS.map(String);

describe('a segment', () => {
  it('returns its payloads', () => {
    expect(decodeSegment(SEGMENT)).toMatchObject({ damagedBytes: 0, tornBytes: 0 });
    expect(textsOf(SEGMENT)).toEqual(ALL);
    expect(decodeSegment(Buffer.alloc(0))).toEqual({ payloads: [], damagedBytes: 0, tornBytes: 0 });
  });

  it('cut off at any byte returns the intact records and the size of the torn one', () => {
    for (let length = 0; length <= SEGMENT.length; length++) {
      const whole = ENDS.filter((end) => end <= length);
      const cut = SEGMENT.subarray(0, length);
      expect(textsOf(cut)).toEqual(ALL.slice(0, whole.length));
      expect(decodeSegment(cut)).toMatchObject({ damagedBytes: 0, tornBytes: length - (whole.at(-1) ?? 0) });
    }
  });

  it('with any one byte corrupted returns all other records and the damaged size', () => {
    for (let at = 0; at < SEGMENT.length; at++) {
      for (const bits of [0x01, 0x80, 0xff]) {
        const wrong = Buffer.from(SEGMENT);
        wrong.writeUInt8(wrong.readUInt8(at) ^ bits, at);
        const hit = ENDS.findIndex((end) => at < end);
        const { damagedBytes, tornBytes } = decodeSegment(wrong);
        expect(textsOf(wrong)).toEqual(ALL.filter((_, i) => i !== hit));
        expect(damagedBytes + tornBytes).toBe(RECORDS[hit]?.length);
        // Bytes before an intact record were acknowledged: they are damaged, not torn.
        if (hit < RECORDS.length - 1) expect(tornBytes).toBe(0);
      }
    }
  });

  it('distinguishes a corrupt last record from an incomplete one', () => {
    const wrong = Buffer.from(SEGMENT);
    wrong.writeUInt8(0, wrong.length - 1);
    expect(decodeSegment(wrong)).toMatchObject({ damagedBytes: RECORDS.at(-1)?.length, tornBytes: 0 });
  });

  it('tolerates arbitrary bytes between its records', () => {
    const noise = Buffer.concat([Buffer.alloc(4_096), encodeRecord(Buffer.from('x')).subarray(0, 9)]);
    const mixed = Buffer.concat([noise, ...RECORDS.flatMap((record) => [record, noise])]);
    expect(textsOf(mixed)).toEqual(ALL);
    const { damagedBytes, tornBytes } = decodeSegment(mixed);
    expect({ damagedBytes, tornBytes }).toEqual({
      damagedBytes: noise.length * RECORDS.length,
      tornBytes: noise.length,
    });
  });
});
