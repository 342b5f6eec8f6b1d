import { describe, expect, it } from '@jest/globals';
import { ringEndsAt } from './ring.js';

const received = new Date(1_767_323_045_678);
const at = received.getTime();

describe('ringEndsAt', () => {
  it.each<[string, object, number | undefined]>([
    ['dialled 10 s ago', { sentAt: String(at - 10_000) }, at + 35_000],
    ['dialled 60 s ago', { sentAt: at - 60_000 }, at - 15_000],
    ['dialled 10 s ago, in seconds', { sentAt: (at - 10_000) / 1_000 }, at + 35_000],
    ['dialled 10 s ago, in seconds as a string', { sentAt: String((at - 10_678) / 1_000) }, at + 34_322],
    ['with an invalid time', { sentAt: '17' }, at + 45_000],
    ['without a time', {}, at + 45_000],
    ['with an empty time', { sentAt: '' }, at + 45_000],
    ['with a future time', { sentAt: String(at + 5_000) }, at + 45_000],
    ['that has ended', { callAction: 'ended' }, undefined],
    ['of another type', { type: 'chat' }, undefined],
  ])('computes the end of ringing of a call %s', (_, details, end) => {
    expect(ringEndsAt({ type: 'call', callAction: 'initiated', ...details }, received, 45)).toBe(end);
  });
});
