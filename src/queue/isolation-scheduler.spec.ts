import { describe, expect, it } from '@jest/globals';
import { IsolationScheduler, type RiskLevel } from './isolation-scheduler.js';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that begins when it may and goes on until it is told to end. */
class Stage {
  readonly scheduler = new IsolationScheduler();
  readonly running = new Set<string>();
  readonly given: string[] = [];
  private readonly ends = new Map<string, () => void>();

  enter(name: string, risk: RiskLevel): void {
    this.scheduler
      .run(risk, async () => {
        this.running.add(name);
        await new Promise<void>((resolve) => this.ends.set(name, resolve));
        this.running.delete(name);
      })
      .catch(() => this.given.push(name));
  }

  async end(...names: string[]): Promise<void> {
    for (const name of names) this.ends.get(name)?.();
    await soon();
  }

  get names(): string[] {
    return [...this.running].toSorted();
  }
}

describe('turns', () => {
  it('harmless work runs at once, however much there is', async () => {
    const stage = new Stage();
    for (let n = 0; n < 1_000; n++) stage.enter(`${n}`, 0);
    expect(stage.running.size).toBe(1_000);
  });

  it('of danger 1 twenty run at once, in the order in which they came', async () => {
    const stage = new Stage();
    for (let n = 0; n < 25; n++) stage.enter(`${n}`, 1);
    expect(stage.names).toEqual(Array.from({ length: 20 }, (_, n) => `${n}`).toSorted());
    await stage.end('7');
    expect(stage.names).toContain('20');
    expect(stage.names).not.toContain('21');
  });

  it('of danger 2 one runs, beside harmless work and no other', async () => {
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

  it('of danger 3 one runs alone, and harmless work that comes later waits for it', async () => {
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

  it('two that have to be alone are not there together', async () => {
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

  it('a stop gives up on what waits, and lets what runs end', async () => {
    const stage = new Stage();
    stage.enter('running', 2);
    stage.enter('waiting', 2);
    stage.enter('alone', 3);
    stage.scheduler.stop(new Error('stop'));
    stage.enter('late', 1);
    await soon();
    expect(stage.given.toSorted()).toEqual(['alone', 'late', 'waiting']);
    expect(stage.names).toEqual(['running']);
    await stage.end('running');
    expect(stage.names).toEqual([]);
  });

  it('work that fails makes room as well', async () => {
    const scheduler = new IsolationScheduler();
    await expect(scheduler.run(3, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(scheduler.run(3, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
