import { describe, expect, it } from '@jest/globals';
import { SharedProbe } from './shared-probe.js';

describe('SharedProbe', () => {
  it('asks once for all who come while it asks, and for a second after', async () => {
    let now = 0;
    const asked: ((answer: string) => void)[] = [];
    const probe = new SharedProbe(
      () => new Promise<string>((resolve) => asked.push(resolve)),
      () => now,
    );
    const early = [probe.get(), probe.get()];
    now = 5_000;
    early.push(probe.get());
    expect(asked).toHaveLength(1);
    asked[0]?.('up');
    expect(await Promise.all(early)).toEqual(['up', 'up', 'up']);
    now = 5_999;
    expect(await probe.get()).toBe('up');
    expect(asked).toHaveLength(1);
    now = 6_000;
    const late = probe.get();
    asked[1]?.('down');
    expect(await late).toBe('down');
  });
});
