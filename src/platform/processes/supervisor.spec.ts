import { describe, expect, it } from '@jest/globals';
import type { Logger } from '../logging/logger.js';
import { Supervisor, type ProcessEnd, type RestartTimes, type SupervisedProcess } from './supervisor.js';
import type { Addresses } from './supervisor-messages.js';

const AT: Addresses = { url: 'http://127.0.0.1:1', opsUrl: 'http://127.0.0.1:2' };
const KILLED: ProcessEnd = { code: null, signal: 'SIGKILL' };
const DONE: ProcessEnd = { code: 0, signal: null };
const TIMES: RestartTimes = { pauseMs: 1, longestPauseMs: 4, settledMs: 60_000, startWithinMs: 60_000 };

describe('the supervisor', () => {
  it('starts all processes at once and tells where they listen', async () => {
    const { supervisor, forked } = supervise();
    const starting = supervisor.start(3);
    expect(forked).toHaveLength(3);
    for (const process of forked) process.listen();
    expect(await starting).toEqual(AT);
  });

  it('fails the start if a process ends before it listens', async () => {
    const { supervisor, forked } = supervise();
    const starting = supervisor.start(2);
    forked[0]?.listen();
    forked[1]?.end({ code: 1, signal: null });
    await expect(starting).rejects.toThrow('process 2 ended before it listened');
    const stopping = supervisor.stop('SIGTERM', 60_000);
    expect(forked[0]?.stops).toEqual(['SIGTERM']);
    forked[0]?.end(DONE);
    await stopping;
    expect(forked).toHaveLength(2);
  });

  it('replaces processes one by one, after pauses that double up to a limit', async () => {
    const { supervisor, forked, logged, nextFork } = supervise();
    const starting = supervisor.start(2);
    for (const process of forked) process.listen();
    await starting;
    for (const process of [...forked]) process.end(KILLED);
    // The second one waits until the first one listens.
    const third = await nextFork(3);
    third.listen();
    const fourth = await nextFork(4);
    fourth.listen();
    for (let count = 5; count <= 8; count++) {
      forked.at(-1)?.end(KILLED);
      (await nextFork(count)).listen();
    }
    const pauses = logged.flatMap(({ message, pauseMs }) =>
      message === 'supervisor.process_ended' ? [pauseMs] : [],
    );
    expect(pauses).toEqual([1, 1, 2, 4, 4, 4]);
    expect(logged[0]).toMatchObject({ pid: 1, code: null, signal: 'SIGKILL' });
  });

  it('begins with the first pause again once a process has run for long', async () => {
    const { supervisor, forked, logged, nextFork } = supervise({ ...TIMES, settledMs: 0 });
    const starting = supervisor.start(1);
    forked[0]?.listen();
    await starting;
    for (let count = 2; count <= 4; count++) {
      forked.at(-1)?.end(KILLED);
      (await nextFork(count)).listen();
    }
    expect(logged.flatMap(({ pauseMs }) => pauseMs ?? [])).toEqual([1, 1, 1]);
  });

  it('does not let a replacement that hangs at its start hold up another one for long', async () => {
    const { supervisor, forked, nextFork } = supervise({ ...TIMES, startWithinMs: 1 });
    const starting = supervisor.start(2);
    for (const process of forked) process.listen();
    await starting;
    for (const process of [...forked]) process.end(KILLED);
    await nextFork(3);
    expect((await nextFork(4)).stops).toEqual([]);
  });

  it('stops all at the same time, and starts none while it stops', async () => {
    const { supervisor, forked, logged } = supervise();
    const starting = supervisor.start(2);
    for (const process of forked) process.listen();
    await starting;
    const stopping = supervisor.stop('SIGTERM', 60_000);
    expect(forked.map(({ stops }) => stops)).toEqual([['SIGTERM'], ['SIGTERM']]);
    for (const process of forked) process.end(DONE);
    await stopping;
    expect(forked).toHaveLength(2);
    expect(logged).toEqual([]);
  });

  it('stops processes that are still starting', async () => {
    const { supervisor, forked } = supervise();
    const starting = supervisor.start(1);
    supervisor.requestStop('SIGINT');
    expect(forked[0]?.stops).toEqual(['SIGINT']);
    forked[0]?.end({ code: null, signal: 'SIGINT' });
    expect(await starting).toBeUndefined();
    await supervisor.stop('SIGTERM', 60_000);
    expect(forked[0]?.stops).toEqual(['SIGINT']);
  });

  it('kills a process that hangs in its stop, and fails', async () => {
    const { supervisor, forked, logged } = supervise();
    const starting = supervisor.start(1);
    forked[0]?.listen();
    await starting;
    await expect(supervisor.stop('SIGTERM', 1)).rejects.toThrow('1 processes did not stop in order');
    expect(logged).toEqual([{ pid: 1, message: 'supervisor.process_killed' }]);
  });
});

/** A process that does what the test says. */
class FakeProcess implements SupervisedProcess {
  listen: () => void = () => undefined;
  end: (end: ProcessEnd) => void = () => undefined;
  readonly stops: NodeJS.Signals[] = [];
  readonly ended = new Promise<ProcessEnd>((resolve) => (this.end = resolve));
  readonly listening = Promise.race([
    new Promise<Addresses>((resolve) => (this.listen = () => resolve(AT))),
    this.ended.then(() => undefined),
  ]);

  constructor(readonly pid: number) {}

  stop(signal: NodeJS.Signals): void {
    this.stops.push(signal);
  }

  kill(): void {
    this.end(KILLED);
  }
}

interface Line {
  readonly message: string;
  readonly pauseMs?: number;
}

function supervise(times: RestartTimes = TIMES) {
  const forked: FakeProcess[] = [];
  const logged: Line[] = [];
  let onFork: () => void = () => undefined;
  const log = (fields: object, message: string): void => void logged.push({ ...fields, message });
  const logger: Logger = { debug: log, info: () => undefined, warn: log, error: log, fatal: log };
  const fork = (): FakeProcess => {
    const process = new FakeProcess(forked.length + 1);
    forked.push(process);
    onFork();
    return process;
  };
  /** The process of this number, once it is started; exactly so many are started by then. */
  const nextFork = async (count: number): Promise<FakeProcess> => {
    while (forked.length < count) await new Promise<void>((resolve) => (onFork = resolve));
    expect(forked).toHaveLength(count);
    const last = forked.at(-1);
    if (!last) throw new Error('no process');
    return last;
  };
  return { supervisor: new Supervisor(fork, logger, times), forked, logged, nextFork };
}
