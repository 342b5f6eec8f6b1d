import { describe, expect, it } from '@jest/globals';
import { AdaptiveConcurrency, type AdjustableWorker } from './adaptive-concurrency.js';

/** A process with one chat worker, whose ticks are given instead of measured. */
function processOf(max: number): {
  worker: AdjustableWorker;
  adaptive: AdaptiveConcurrency;
  tick: (count: number, busyMs: number) => void;
  later: (ms: number) => void;
} {
  let now = 0;
  let onTick: ((busyMs: number) => 'go on' | 'stop') | undefined;
  const adaptive = new AdaptiveConcurrency(
    (given) => (onTick = given),
    () => now,
  );
  const worker = { concurrency: 1 };
  adaptive.add(worker, max);
  return {
    worker,
    adaptive,
    tick: (count, busyMs) => {
      for (let n = 0; n < count; n++) if (onTick?.(busyMs) === 'stop') onTick = undefined;
    },
    later: (ms) => (now += ms),
  };
}

describe('AdaptiveConcurrency', () => {
  it('keeps the configured concurrency without calls', () => {
    const { worker, tick } = processOf(500);
    tick(10, 300);
    expect(worker.concurrency).toBe(500);
  });

  it('lowers the concurrency when a call arrives, and never exceeds the configured one', () => {
    const many = processOf(500);
    const few = processOf(20);
    many.adaptive.callCame();
    few.adaptive.callCame();
    expect(many.worker.concurrency).toBe(32);
    expect(few.worker.concurrency).toBe(20);
  });

  it('lowers the concurrency to a minimum while ticks are long, and raises it while they are short', () => {
    const { worker, adaptive, tick } = processOf(500);
    adaptive.callCame();
    tick(68, 5);
    expect(worker.concurrency).toBe(100);
    tick(1, 60);
    expect(worker.concurrency).toBe(80);
    tick(100, 60);
    expect(worker.concurrency).toBe(32);
    tick(1_000, 5);
    expect(worker.concurrency).toBe(500);
  });

  it('restores the configured concurrency ten seconds after the last call', () => {
    const { worker, adaptive, tick, later } = processOf(500);
    adaptive.callCame();
    later(9_000);
    adaptive.callCame();
    later(9_000);
    tick(10, 60);
    expect(worker.concurrency).toBe(32);
    later(2_000);
    tick(1, 60);
    expect(worker.concurrency).toBe(500);
    adaptive.callCame();
    expect(worker.concurrency).toBe(32);
  });
});
