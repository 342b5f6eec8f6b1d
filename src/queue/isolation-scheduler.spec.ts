import { describe, expect, it } from '@jest/globals';
import { IsolationScheduler, type RiskLevel } from './isolation-scheduler.js';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that runs until `end` is called. */
class Stage {
  readonly scheduler = new IsolationScheduler();
  readonly running = new Set<string>();
  readonly cancelled: string[] = [];
  private readonly ends = new Map<string, () => void>();

  enter(name: string, risk: RiskLevel): void {
    this.scheduler
      .run(risk, async () => {
        this.running.add(name);
        await new Promise<void>((resolve) => this.ends.set(name, resolve));
        this.running.delete(name);
      })
      .catch(() => this.cancelled.push(name));
  }

  async end(...names: string[]): Promise<void> {
    for (const name of names) this.ends.get(name)?.();
    await soon();
  }

  get names(): string[] {
    return [...this.running].toSorted();
  }
}

describe('IsolationScheduler', () => {
  it('runs any number of jobs of risk level 0 at once', async () => {
    const stage = new Stage();
    for (let n = 0; n < 1_000; n++) stage.enter(`${n}`, 0);
    expect(stage.running.size).toBe(1_000);
  });

  it('runs twenty jobs of risk level 1 at once, in order of arrival', async () => {
    const stage = new Stage();
    for (let n = 0; n < 25; n++) stage.enter(`${n}`, 1);
    expect(stage.names).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`).toSorted());
    await stage.end('7');
    expect(stage.names).toContain('20');
    expect(stage.names).not.toContain('21');
  });

  it('runs one job of risk level 2, beside level 0 only', async () => {
    const stage = new Stage();
    stage.enter('few', 1);
    stage.enter('single', 2);
    stage.enter('later', 1);
    stage.enter('harmless', 0);
    expect(stage.names).toEqual(['few', 'harmless']);
    await stage.end('few');
    expect(stage.names).toEqual(['harmless', 'single']);
    await stage.end('single');
    expect(stage.names).toEqual(['harmless', 'later']);
  });

  it('runs a job of risk level 3 alone, and lets later level 0 wait for it', async () => {
    const stage = new Stage();
    stage.enter('before', 0);
    stage.enter('alone', 3);
    stage.enter('after', 0);
    expect(stage.names).toEqual(['before']);
    await stage.end('before');
    expect(stage.names).toEqual(['alone']);
    stage.enter('few', 1);
    stage.enter('too', 0);
    expect(stage.names).toEqual(['alone']);
    await stage.end('alone');
    expect(stage.names).toEqual(['after', 'few', 'too']);
  });

  it('runs two jobs of risk level 3 one after the other', async () => {
    const stage = new Stage();
    stage.enter('first', 3);
    stage.enter('second', 3);
    stage.enter('harmless', 0);
    expect(stage.names).toEqual(['first']);
    await stage.end('first');
    expect(stage.names).toEqual(['second']);
    await stage.end('second');
    expect(stage.names).toEqual(['harmless']);
  });

  it('cancels waiting jobs on stop, and lets running ones end', async () => {
    const stage = new Stage();
    stage.enter('running', 2);
    stage.enter('waiting', 2);
    stage.enter('alone', 3);
    stage.scheduler.stop(new Error('stop'));
    stage.enter('late', 1);
    await soon();
    expect(stage.cancelled.toSorted()).toEqual(['alone', 'late', 'waiting']);
    expect(stage.names).toEqual(['running']);
    await stage.end('running');
    expect(stage.names).toEqual([]);
  });

  it('starts the next job after a failure', async () => {
    const scheduler = new IsolationScheduler();
    await expect(scheduler.run(3, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(scheduler.run(3, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
