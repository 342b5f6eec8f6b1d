import { describe, expect, it } from '@jest/globals';
import type { InboundSms } from '../callback.js';
import { PartJoiner, type InboundPart, type JoinerLimits } from './part-joiner.js';
import { until } from '../../../test/support/until.js';

const HOUR_MS = 3_600_000;

function part(number: number, text: string, over: Partial<InboundPart> = {}): InboundPart {
  return {
    from: '+14155550100',
    to: '12345',
    vendorMessageId: null,
    octets: Buffer.from(text),
    dataCoding: 3,
    place: { reference: 1, total: 3, number },
    ...over,
  };
}

/** @param refusals how often what is handed over is not taken. */
function joining(
  limits: Partial<JoinerLimits> = {},
  refusals = 0,
): { joiner: PartJoiner; taken: InboundSms[] } {
  const taken: InboundSms[] = [];
  let left = refusals;
  const handOver = async (text: InboundSms): Promise<void> => {
    left -= 1;
    if (left >= 0) throw new Error('not now');
    taken.push(text);
  };
  return { joiner: new PartJoiner(handOver, { partsMs: HOUR_MS, maxTexts: 10, ...limits }), taken };
}

const words = (taken: readonly InboundSms[]): string[] => taken.map(({ text }) => text);

describe('PartJoiner', () => {
  it('joins parts in whatever order they come', async () => {
    const { joiner, taken } = joining();
    for (const [number, text] of [
      [3, 'c'],
      [1, 'a'],
      [2, 'b'],
    ] as const)
      await joiner.add(part(number, text));
    expect(taken).toEqual([{ from: '+14155550100', to: '12345', vendorMessageId: null, text: 'abc' }]);
  });

  it('keeps texts of other phones and references apart', async () => {
    const { joiner, taken } = joining();
    const place = { reference: 2, total: 2, number: 1 };
    await joiner.add(part(1, 'a', { place }));
    await joiner.add(part(2, 'B', { place: { ...place, number: 2 }, from: '+14155550101' }));
    await joiner.add(part(2, 'C', { place: { reference: 3, total: 2, number: 2 } }));
    expect(taken).toEqual([]);
    await joiner.add(part(2, 'b', { place: { ...place, number: 2 } }));
    expect(words(taken)).toEqual(['ab']);
  });

  it('reads a character that was cut between two parts', async () => {
    const { joiner, taken } = joining();
    const octets = Buffer.from('👍', 'utf16le').swap16();
    const place = { reference: 1, total: 2, number: 1 };
    await joiner.add(part(1, '', { dataCoding: 8, octets: octets.subarray(0, 2), place }));
    await joiner.add(
      part(2, '', { dataCoding: 8, octets: octets.subarray(2), place: { ...place, number: 2 } }),
    );
    expect(words(taken)).toEqual(['👍']);
  });

  it('reads parts in different alphabets each by itself', async () => {
    const { joiner, taken } = joining();
    const place = { reference: 1, total: 2, number: 1 };
    await joiner.add(part(1, 'é is ', { octets: Buffer.from('é is ', 'latin1'), place }));
    const octets = Buffer.from('ж', 'utf16le').swap16();
    await joiner.add(part(2, '', { dataCoding: 8, octets, place: { ...place, number: 2 } }));
    expect(words(taken)).toEqual(['é is ж']);
  });

  it('takes a part that comes twice once', async () => {
    const { joiner, taken } = joining();
    for (const number of [1, 1, 2, 2, 3]) await joiner.add(part(number, String(number)));
    expect(words(taken)).toEqual(['123']);
  });

  it('wants only the last part again where the text was not taken', async () => {
    const { joiner, taken } = joining({}, 1);
    await joiner.add(part(1, 'a'));
    await joiner.add(part(2, 'b'));
    await expect(joiner.add(part(3, 'c'))).rejects.toThrow('not now');
    expect(taken).toEqual([]);
    await joiner.add(part(3, 'c'));
    expect(words(taken)).toEqual(['abc']);
  });

  it('does not hand over twice the part that is to be sent again', async () => {
    const { joiner, taken } = joining({ partsMs: 5 }, 1);
    await joiner.add(part(1, 'a'));
    await joiner.add(part(2, 'b'));
    await expect(joiner.add(part(3, 'c'))).rejects.toThrow('not now');
    await until(() => taken.length > 0);
    await joiner.add(part(3, 'c'));
    await joiner.flush();
    expect(words(taken)).toEqual(['ab', 'c']);
  });

  it('hands over what is there where the rest never comes, and offers it until it is taken', async () => {
    const { joiner, taken } = joining({ partsMs: 5 }, 2);
    await joiner.add(part(3, 'c'));
    await joiner.add(part(1, 'a'));
    await until(() => taken.length > 0);
    expect(words(taken)).toEqual(['ac']);
  });

  it('hands over the oldest where there are too many', async () => {
    const { joiner, taken } = joining({ maxTexts: 2 });
    for (const reference of [1, 2, 3]) {
      await joiner.add(part(1, String(reference), { place: { reference, total: 2, number: 1 } }));
    }
    expect(words(taken)).toEqual(['1']);
  });

  it('hands over everything at the end', async () => {
    const { joiner, taken } = joining();
    await joiner.add(part(1, 'a'));
    await joiner.add(part(1, 'b', { from: '+14155550101' }));
    await joiner.flush();
    expect(words(taken).sort()).toEqual(['a', 'b']);
    await joiner.flush();
    expect(taken).toHaveLength(2);
  });
});
