import { describe, expect, it } from '@jest/globals';
import { AdaptiveConcurrency, type AdjustableWorker } from './adaptive-concurrency.js';

/** A process with one lane of chats, whose turns are told instead of measured. */
function processOf(most: number): {
  worker: AdjustableWorker;
  adaptive: AdaptiveConcurrency;
  turns: (count: number, busyMs: number) => void;
  later: (ms: number) => void;
} {
  let now = 0;
  let look: ((busyMs: number) => 'go on' | 'stop') | undefined;
  const adaptive = new AdaptiveConcurrency(
    (given) => (look = given),
    () => now,
  );
  const worker = { concurrency: 1 };
  adaptive.add(worker, most);
  return {
    worker,
    adaptive,
    turns: (count, busyMs) => {
      for (let turn = 0; turn < count; turn++) if (look?.(busyMs) === 'stop') look = undefined;
    },
    later: (ms) => (now += ms),
  };
}

describe('Pace', () => {
  it('leaves everything as it is while no calls come', () => {
    const { worker, turns } = processOf(500);
    turns(10, 300);
    expect(worker.concurrency).toBe(500);
  });

  it('takes on less at once when a call comes, and never more than the settings say', () => {
    const many = processOf(500);
    const few = processOf(20);
    many.adaptive.callCame();
    few.adaptive.callCame();
    expect(many.worker.concurrency).toBe(32);
    expect(few.worker.concurrency).toBe(20);
  });

  it('takes on less while turns are long, down to a least, and more while they are short', () => {
    const { worker, adaptive, turns } = processOf(500);
    adaptive.callCame();
    turns(68, 5);
    expect(worker.concurrency).toBe(100);
    turns(1, 60);
    expect(worker.concurrency).toBe(80);
    turns(100, 60);
    expect(worker.concurrency).toBe(32);
    turns(1_000, 5);
    expect(worker.concurrency).toBe(500);
  });

  it('goes back to what the settings say once no call has come for a while', () => {
    const { worker, adaptive, turns, later } = processOf(500);
    adaptive.callCame();
    later(9_000);
    adaptive.callCame();
    later(9_000);
    turns(10, 60);
    expect(worker.concurrency).toBe(32);
    later(2_000);
    turns(1, 60);
    expect(worker.concurrency).toBe(500);
    adaptive.callCame();
    expect(worker.concurrency).toBe(32);
  });
});
