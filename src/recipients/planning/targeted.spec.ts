import { describe, expect, it } from '@jest/globals';
import type { DeviceTarget } from '../../queue/jobs.js';
import { targeted, within } from './targeted.js';

describe('targeted', () => {
  const devices = [
    { id: 'd1', sessionId: 's1' },
    { id: 'd2', sessionId: 's1' },
    { id: 'd3', sessionId: 's2' },
    { id: 'd4', sessionId: null },
  ];

  it.each<[DeviceTarget | undefined, string[]]>([
    [undefined, ['d1', 'd2', 'd3', 'd4']],
    [{}, ['d1', 'd2', 'd3', 'd4']],
    [{ deviceId: 'd2' }, ['d2']],
    [{ deviceId: 'd9' }, []],
    [{ deviceIds: ['d1', 'd4', 'd9'] }, ['d1', 'd4']],
    [{ deviceIds: [] }, []],
    [{ sessionId: 's1' }, ['d1', 'd2']],
    [{ sessionId: 's9' }, []],
    [{ exceptSessionId: 's1' }, ['d3', 'd4']],
    [{ exceptSessionId: 's9' }, ['d1', 'd2', 'd3', 'd4']],
  ])('applies the target %j: %j', (target, ids) => {
    expect(targeted(devices, target).map(({ id }) => id)).toEqual(ids);
  });
});

describe('within', () => {
  const received = new Date('2026-01-02T03:04:05Z');
  const after = (seconds: number): Date => new Date(received.getTime() + seconds * 1_000);

  it('shortens a lifetime and never extends it', () => {
    expect(within(undefined, received, after(60))).toEqual(after(60));
    expect(within(10, received, after(60))).toEqual(after(10));
    expect(within(3_600, received, after(60))).toEqual(after(60));
  });
});
