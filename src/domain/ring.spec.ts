import { describe, expect, it } from '@jest/globals';
import { ringEndsAt } from './ring.js';

const received = new Date(1_767_323_045_678);
const at = received.getTime();

describe('ringEndsAt', () => {
  it.each<[string, object, number | undefined]>([
    ['dialled a moment ago', { sentAt: String(at - 10_000) }, at + 35_000],
    ['dialled long ago', { sentAt: at - 60_000 }, at - 15_000],
    ['dialled a moment ago, in seconds', { sentAt: (at - 10_000) / 1_000 }, at + 35_000],
    ['dialled a moment ago, in seconds as text', { sentAt: String((at - 10_678) / 1_000) }, at + 34_322],
    ['that tells no time', { sentAt: '17' }, at + 45_000],
    ['without a time', {}, at + 45_000],
    ['with an empty time', { sentAt: '' }, at + 45_000],
    ['from a clock that is ahead of ours', { sentAt: String(at + 5_000) }, at + 45_000],
    ['that has ended', { callAction: 'ended' }, undefined],
    ['that is no call', { type: 'chat' }, undefined],
  ])('a call %s', (_, details, end) => {
    expect(ringEndsAt({ type: 'call', callAction: 'initiated', ...details }, received, 45)).toBe(end);
  });
});
