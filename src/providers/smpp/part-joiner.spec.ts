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

/** @param refusals number of deliveries that fail. */
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
  return { joiner: new PartJoiner(handOver, { partsMs: HOUR_MS, maxIncomplete: 10, ...limits }), taken };
}

const words = (taken: readonly InboundSms[]): string[] => taken.map(({ text }) => text);

describe('PartJoiner', () => {
  it('joins parts in any order', async () => {
    const { joiner, taken } = joining();
    for (const [number, text] of [
      [3, 'c'],
      [1, 'a'],
      [2, 'b'],
    ] as const)
      await joiner.add(part(number, text));
    expect(taken).toEqual([{ from: '+14155550100', to: '12345', vendorMessageId: null, text: 'abc' }]);
  });

  it('separates SMS with different senders or references', async () => {
    const { joiner, taken } = joining();
    const place = { reference: 2, total: 2, number: 1 };
    await joiner.add(part(1, 'a', { place }));
    await joiner.add(part(2, 'B', { place: { ...place, number: 2 }, from: '+14155550101' }));
    await joiner.add(part(2, 'C', { place: { reference: 3, total: 2, number: 2 } }));
    expect(taken).toEqual([]);
    await joiner.add(part(2, 'b', { place: { ...place, number: 2 } }));
    expect(words(taken)).toEqual(['ab']);
  });

  it('decodes a character split between two parts', async () => {
    const { joiner, taken } = joining();
    const octets = Buffer.from('👍', 'utf16le').swap16();
    const place = { reference: 1, total: 2, number: 1 };
    await joiner.add(part(1, '', { dataCoding: 8, octets: octets.subarray(0, 2), place }));
    await joiner.add(
      part(2, '', { dataCoding: 8, octets: octets.subarray(2), place: { ...place, number: 2 } }),
    );
    expect(words(taken)).toEqual(['👍']);
  });

  it('decodes parts in different alphabets separately', async () => {
    const { joiner, taken } = joining();
    const place = { reference: 1, total: 2, number: 1 };
    await joiner.add(part(1, 'é is ', { octets: Buffer.from('é is ', 'latin1'), place }));
    const octets = Buffer.from('ж', 'utf16le').swap16();
    await joiner.add(part(2, '', { dataCoding: 8, octets, place: { ...place, number: 2 } }));
    expect(words(taken)).toEqual(['é is ж']);
  });

  it('ignores a duplicate part', async () => {
    const { joiner, taken } = joining();
    for (const number of [1, 1, 2, 2, 3]) await joiner.add(part(number, String(number)));
    expect(words(taken)).toEqual(['123']);
  });

  it('requests only the last part again after a failed delivery', async () => {
    const { joiner, taken } = joining({}, 1);
    await joiner.add(part(1, 'a'));
    await joiner.add(part(2, 'b'));
    await expect(joiner.add(part(3, 'c'))).rejects.toThrow('not now');
    expect(taken).toEqual([]);
    await joiner.add(part(3, 'c'));
    expect(words(taken)).toEqual(['abc']);
  });

  it('delivers a repeated last part once', async () => {
    const { joiner, taken } = joining({ partsMs: 5 }, 1);
    await joiner.add(part(1, 'a'));
    await joiner.add(part(2, 'b'));
    await expect(joiner.add(part(3, 'c'))).rejects.toThrow('not now');
    await until(() => taken.length > 0);
    await joiner.add(part(3, 'c'));
    await joiner.flush();
    expect(words(taken)).toEqual(['ab', 'c']);
  });

  it('delivers an incomplete SMS after the wait, repeatedly until it is accepted', async () => {
    const { joiner, taken } = joining({ partsMs: 5 }, 2);
    await joiner.add(part(3, 'c'));
    await joiner.add(part(1, 'a'));
    await until(() => taken.length > 0);
    expect(words(taken)).toEqual(['ac']);
  });

  it('delivers the oldest incomplete SMS beyond the limit', async () => {
    const { joiner, taken } = joining({ maxIncomplete: 2 });
    for (const reference of [1, 2, 3]) {
      await joiner.add(part(1, String(reference), { place: { reference, total: 2, number: 1 } }));
    }
    expect(words(taken)).toEqual(['1']);
  });

  it('delivers all incomplete SMS on flush', async () => {
    const { joiner, taken } = joining();
    await joiner.add(part(1, 'a'));
    await joiner.add(part(1, 'b', { from: '+14155550101' }));
    await joiner.flush();
    expect(words(taken).sort()).toEqual(['a', 'b']);
    await joiner.flush();
    expect(taken).toHaveLength(2);
  });
});
