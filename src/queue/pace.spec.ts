import { describe, expect, it } from '@jest/globals';
import { Pace, type PacedWorker } from './pace.js';

/** A process with one lane of chats, whose turns are told instead of measured. */
function processOf(most: number): {
  worker: PacedWorker;
  pace: Pace;
  turns: (count: number, busyMs: number) => void;
  later: (ms: number) => void;
} {
  let now = 0;
  let look: ((busyMs: number) => 'go on' | 'stop') | undefined;
  const pace = new Pace(
    (given) => (look = given),
    () => now,
  );
  const worker = { concurrency: 1 };
  pace.add(worker, most);
  return {
    worker,
    pace,
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
    many.pace.callCame();
    few.pace.callCame();
    expect(many.worker.concurrency).toBe(32);
    expect(few.worker.concurrency).toBe(20);
  });

  it('takes on less while turns are long, down to a least, and more while they are short', () => {
    const { worker, pace, turns } = processOf(500);
    pace.callCame();
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
    const { worker, pace, turns, later } = processOf(500);
    pace.callCame();
    later(9_000);
    pace.callCame();
    later(9_000);
    turns(10, 60);
    expect(worker.concurrency).toBe(32);
    later(2_000);
    turns(1, 60);
    expect(worker.concurrency).toBe(500);
    pace.callCame();
    expect(worker.concurrency).toBe(32);
  });
});
