import { appendFile, chmod, mkdir, open, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { readProcessSettings } from '../../../src/platform/config/process-settings.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { identityOf, processSpace } from '../../../src/platform/processes/process-identity.js';
import { QueueUnavailable, type JobQueue } from '../../../src/queue/job-queue.js';
import { checkSpoolDirectory } from '../../../src/queue/spool/check-spool-directory.js';
import { Drainer } from '../../../src/queue/spool/drainer.js';
import type { OpenFile } from '../../../src/queue/spool/segment-writer.js';
import { SpoolDirectory } from '../../../src/queue/spool/spool-directory.js';
import { Spool, type SpoolOptions } from '../../../src/queue/spool/spool.js';
import type { SpooledEvent } from '../../../src/queue/spool/spooled-event.js';
import { temporaryDirectory } from '../../support/process.js';
import { until } from '../../support/until.js';

let lines: Record<string, unknown>[];
beforeEach(async () => {
  directory = await temporaryDirectory();
  lines = [];
});
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close();
  await directory.remove();
});

describe('the spool', () => {
  it('stores concurrent events privately in one segment and drains them in order', async () => {
    const spool = await openSpool();
    const texts = Array.from({ length: 500 }, (_, i) => `text ${i} ÿ`);
    await Promise.all(texts.map((text) => spool.append(event(text))));
    expect(await filesIn(directory.path)).toHaveLength(1);
    const file = await segmentFile();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    const queue = queueOf();
    drainTo(spool, queue);
    await emptied(spool);
    expect(queue.taken).toEqual(texts);
    expect(await filesIn(directory.path)).toEqual([]);
  });

  it('counts the events of a user that wait, and removes only dead-lettered ones', async () => {
    const spool = await openSpool();
    for (const text of ['one', 'two']) await spool.append(event(text));
    const isMeant = ({ content }: { readonly content: string }): boolean => content === 'one';
    expect(await spool.erase(isMeant, '"content":"one"')).toEqual({ removed: 0, waiting: 1 });
    const aside = path.join(directory.path, 'set-aside');
    await mkdir(aside);
    await writeFile(path.join(aside, 'a.seg'), await readFile(await segmentFile()));
    expect(await spool.erase(isMeant, '"content":"one"')).toEqual({ removed: 1, waiting: 1 });
    expect(await spool.erase(isMeant, '"content":"one"')).toEqual({ removed: 0, waiting: 1 });
    const queue = queueOf();
    drainTo(spool, queue);
    await emptied(spool);
    expect(queue.taken).toEqual(['one', 'two']);
  });

  it('starts another segment when one is full, and drains all', async () => {
    const spool = await openSpool({ maxBytes: 100_000_000 });
    const texts = Array.from({ length: 30 }, (_, i) => `${i}-${'x'.repeat(500_000)}`);
    for (const text of texts) await spool.append(event(text));
    expect((await filesIn(directory.path)).length).toBeGreaterThan(2);
    const queue = queueOf();
    drainTo(spool, queue);
    await emptied(spool);
    expect(queue.taken).toEqual(texts);
  });

  it('detects duplicates, also of the same moment, and forgets an event that it could not write', async () => {
    let isBroken = true;
    const spool = await openSpool({ openFile: failing('write', () => isBroken) });
    const [first, second] = [event('same'), event('same')];
    const both = await Promise.allSettled([spool.append(first), spool.append(second)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await Promise.all([spool.append(first), spool.append(second)])).toEqual([
      first.job.id,
      first.job.id,
    ]);
    expect(await spool.find('key-same')).toBe(first.job.id);
    expect(spool.find('key-other')).toBeUndefined();
  });

  it('rejects events while it is full, and accepts them once it has room', async () => {
    const spool = await openSpool({ maxBytes: 3_000 });
    await spool.append(event('x'.repeat(1_000)));
    await expect(spool.append(event('y'.repeat(1_000)))).rejects.toThrow('full');
    expect(spool.health()).toEqual({ status: 'down', detail: 'full: 1 events wait' });
    drainTo(spool, queueOf());
    await until(
      async () => (await filesIn(directory.path)).length === 0,
      () => filesIn(directory.path),
    );
    await spool.append(event('z'.repeat(1_000)));
  });
});

/** Opens files on which one call fails, as on a full or broken disk; a failing `write` leaves half of the bytes. */
function failing(call: 'write' | 'datasync', isBroken: () => boolean): OpenFile {
  return async (file, flags, mode) => {
    const handle = await open(file, flags, mode);
    const real = { write: handle.write.bind(handle), datasync: handle.datasync.bind(handle) };
    const fault = Object.assign(new Error('no space left'), { code: call === 'write' ? 'ENOSPC' : 'EIO' });
    if (call === 'datasync') {
      handle.datasync = () => (isBroken() ? Promise.reject(fault) : real.datasync());
      return handle;
    }
    const write = async (bytes: Buffer, from: number, length: number, at: number): Promise<unknown> => {
      if (!isBroken()) return real.write(bytes, from, length, at);
      await real.write(bytes, from, Math.floor(length / 2), at);
      throw fault;
    };
    return Object.assign(handle, { write });
  };
}

describe('a failing disk under the spool', () => {
  it.each(['write', 'datasync'] as const)(
    'is reported to the caller at %s, and leaves no event behind',
    async (call) => {
      let isBroken = false;
      const spool = await openSpool({ openFile: failing(call, () => isBroken) });
      await spool.append(event('before'));
      isBroken = true;
      await expect(spool.append(event('while'))).rejects.toThrow(call === 'write' ? 'ENOSPC' : 'EIO');
      expect(spool.health().status).toBe('down');
      isBroken = false;
      await spool.append(event('after'));
      expect(spool.health().status).toBe('up');
      // A segment that failed once is closed, and holds only confirmed events.
      expect(await filesIn(directory.path)).toHaveLength(2);
      const queue = queueOf();
      drainTo(spool, queue);
      await emptied(spool);
      expect(queue.taken).toEqual(['before', 'after']);
      expect(lines.filter(({ level }) => level === 50)).toEqual([]);
    },
  );

  it('leaves no file behind after failed writes', async () => {
    const spool = await openSpool({ openFile: failing('write', () => true) });
    for (const i of [1, 2, 3]) await expect(spool.append(event(`${i}`))).rejects.toThrow('ENOSPC');
    expect(await filesIn(directory.path)).toEqual([]);
  });

  it('is reported at startup', async () => {
    const file = path.join(directory.path, 'file');
    await writeFile(file, '');
    const { settings } = readProcessSettings({ SPOOL_DIR: path.join(file, 'spool') });
    expect(checkSpoolDirectory(settings)).toEqual([
      { path: 'SPOOL_DIR', problem: expect.stringContaining('cannot be written (ENOTDIR)') },
    ]);
    expect(checkSpoolDirectory({ ...settings, role: 'worker' })).toEqual([]);
    expect(checkSpoolDirectory({ ...settings, spoolMaxMb: 0 })).toEqual([]);
    expect(checkSpoolDirectory({ ...settings, spoolDir: path.join(directory.path, 'a/b') })).toEqual([]);
    expect(await readdir(path.join(directory.path, 'a/b'))).toEqual([]);
  });
});

describe('the spool of a dead process', () => {
  it('is taken over by exactly one other process, with its dedupe keys and without its torn record', async () => {
    await killed(['a', 'b', 'c']);
    await appendFile(await segmentFile(), Buffer.from([0xff, 0xb3, 0x11, 0xfe, 0, 0, 1]));
    const successors = await Promise.all(Array.from({ length: 8 }, () => openSpool()));
    const successor = await until(
      () => successors.find((spool) => !spool.isEmpty),
      () => lines,
    );
    expect(successors.filter((spool) => !spool.isEmpty)).toHaveLength(1);
    expect(await successor.find('key-b')).toMatch(/^id-/);
    expect(lines.filter(({ msg }) => msg === 'spool.tail_dropped')).toMatchObject([{ bytes: 7 }]);
    const queue = queueOf();
    drainTo(successor, queue);
    await emptied(successor);
    expect(queue.taken).toEqual(['a', 'b', 'c']);
  });

  it("is drained by time of arrival together with the process's own events", async () => {
    const other = await openSpool({ heartbeatMs: 3_600_000 });
    for (const at of [1, 3, 4]) await other.append(event(`${at}`, at));
    const [home = ''] = await homes();
    await writeFile(path.join(directory.path, home, 'owner'), `${processSpace()}\n999999999 1`);
    const own = await openSpool({ heartbeatMs: 3_600_000 });
    for (const at of [2, 5]) await own.append(event(`${at}`, at));
    await logged('spool.segment_taken_over');
    const queue = queueOf();
    drainTo(own, queue);
    await emptied(own);
    expect(queue.taken).toEqual(['1', '2', '3', '4', '5']);
  });

  it('on another host is taken over only after a lease without heartbeats', async () => {
    const home = await killed(['far'], 'another host\n1 1');
    const file = path.join(directory.path, home, 'owner');
    const leaseMs = 15_000;
    const watcher = await SpoolDirectory.create(directory.path, leaseMs);
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      for (let heartbeat = 1; heartbeat <= 12; heartbeat++) {
        // Timestamps of a clock that agrees with no other.
        await utimes(file, heartbeat, heartbeat);
        expect(await watcher.takeOver()).toEqual([]);
        now += leaseMs - 1;
        expect(await watcher.takeOver()).toEqual([]);
      }
    } finally {
      clock.mockRestore();
    }
    await watcher.release();
    const successor = await openSpool({ heartbeatMs: 10, leaseMs: 100 });
    await logged('spool.segment_taken_over');
    expect(await successor.find('key-far')).toMatch(/^id-/);
  });

  it('is not taken over while the process lives; a process wrongly taken for dead loses no confirmed event', async () => {
    const living = await openSpool({ heartbeatMs: 50 });
    await living.append(event('confirmed'));
    const [home = ''] = await homes();
    const other = await openSpool();
    await checked((await homes()).find((name) => name !== home) ?? '');
    expect(other.isEmpty).toBe(true);

    await writeFile(path.join(directory.path, home, 'owner'), `${processSpace()}\n${identityOf(1)}0`);
    await logged('spool.segment_taken_over');
    // Each event confirmed from now on is in one of the two spools.
    const answered = ['confirmed'];
    const append = async (): Promise<void> => {
      const text = `${made}`;
      await living.append(event(text)).then(
        () => answered.push(text),
        () => undefined,
      );
    };
    await until(
      async () => {
        await append();
        return lines.some(({ msg }) => msg === 'spool.taken_over');
      },
      () => lines,
    );
    await until(async () => {
      await append();
      return answered.length > 10;
    });
    const queue = queueOf();
    drainTo(other, queue);
    drainTo(living, queue);
    await emptied(other, living);
    expect([...new Set(queue.taken)].toSorted()).toEqual(expect.arrayContaining(answered.toSorted()));
  });

  it('loses only the damaged record of a damaged segment, which is kept as a dead letter', async () => {
    await killed(['first', 'second', 'third']);
    const file = await segmentFile();
    const bytes = await readFile(file);
    bytes.writeUInt8(0, bytes.indexOf('second'));
    await writeFile(file, bytes);
    const successor = await openSpool();
    const queue = queueOf();
    drainTo(successor, queue);
    await until(
      () => queue.taken.length === 2 && successor.isEmpty,
      () => [queue.taken, successor.health()],
    );
    expect(queue.taken).toEqual(['first', 'third']);
    expect(await readdir(path.join(directory.path, 'set-aside'))).toEqual([path.basename(file)]);
    expect(lines.filter(({ level }) => level === 50).map(({ msg }) => msg)).toEqual([
      'spool.segment_damaged',
      'spool.segment_dead_lettered',
    ]);
    expect(JSON.stringify(lines)).not.toContain('first');
  });
});

describe('draining the spool', () => {
  it('waits while the store is down, and probes it with one request at a time', async () => {
    const spool = await openSpool();
    for (const text of ['a', 'b', 'c']) await spool.append(event(text));
    let tries = 0;
    let asked = 0;
    const queue = queueOf(() => {
      tries += 1;
      if (asked < 20) throw new QueueUnavailable('down');
    });
    const ping = async (): Promise<void> => {
      asked += 1;
      if (asked < 20) throw new QueueUnavailable('down');
    };
    drainTo(spool, { ...queue, ping });
    await emptied(spool);
    expect(queue.taken.toSorted()).toEqual(['a', 'b', 'c']);
    // One attempt per event, and another after the store answered.
    expect(tries).toBeLessThanOrEqual(6);
  });

  it('has a repeat recorded under its own id, beside the event that the queue had before', async () => {
    const spool = await openSpool();
    await spool.append(event('repeat'));
    const requests: { id: string; data: object; dedupe: unknown }[] = [];
    drainTo(spool, {
      ping: async () => undefined,
      add: async ({ id, data }, _withinMs, dedupe) => {
        requests.push({ id, data, dedupe });
        return dedupe ? 'the-first' : id;
      },
    });
    await emptied(spool);
    const [asked, repeat] = requests;
    expect(asked?.dedupe).toMatchObject({ key: 'key-repeat' });
    expect(repeat).toMatchObject({
      ...{ id: asked?.id, dedupe: undefined },
      data: { ...asked?.data, v: 2, originId: 'the-first', isRepeat: true },
    });
    expect(requests).toHaveLength(2);
  });

  it('dead-letters an event that the queue never accepts, for an operator to restore, and drains the others', async () => {
    const spool = await openSpool();
    let isRefused = true;
    const queue = queueOf((content) => {
      if (isRefused && content === 'poison') throw new QueueUnavailable('the store failed');
    });
    drainTo(spool, queue);
    await spool.append(event('poison'));
    const others = Array.from({ length: 100 }, (_, i) => `${i}`);
    for (const text of others) await spool.append(event(text));
    await emptied(spool);
    expect(queue.taken).toHaveLength(others.length);
    const deadLetters = path.join(directory.path, 'set-aside');
    const [name = ''] = await readdir(deadLetters);

    isRefused = false;
    const again = path.join(directory.path, 'again');
    await mkdir(again);
    await writeFile(path.join(again, name), await readFile(path.join(deadLetters, name)));
    await writeFile(path.join(again, 'owner'), 'released');
    await chmod(again, 0o700);
    await until(
      () => queue.taken.includes('poison'),
      () => lines,
    );
  });
});

let directory: { path: string; remove: () => Promise<void> };
const opened: Spool[] = [];

const logger = pino(
  { level: 'debug' },
  { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
);
const openSpool = async (options: Partial<SpoolOptions> = {}): Promise<Spool> => {
  const given = { directory: directory.path, maxBytes: 10_000_000, heartbeatMs: 20, ...options };
  const spool = new Spool(given, new Metrics(), logger);
  await spool.open();
  opened.push(spool);
  return spool;
};
/** Waits for a log line. */
const logged = (msg: string): Promise<unknown> =>
  until(
    () => lines.find((line) => line['msg'] === msg),
    () => [msg, lines],
  );
const emptied = (...spools: readonly Spool[]): Promise<true> =>
  until(
    () => spools.every((spool) => spool.isEmpty),
    () => spools.map((spool) => spool.health()),
  );
let made = 0;
const event = (text: string, receivedAt = Date.now() + made): SpooledEvent => ({
  v: 1,
  job: {
    queueName: 'push',
    name: 'notification.send',
    id: `id-${(made += 1)}`,
    data: { v: 1, appId: 'a', channel: 'push', kind: 'chat', uid: 'ann', receivedAt, content: text },
  },
  dedupe: { key: `key-${text}`, windowMs: 60_000 },
});
const filesIn = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true })).map(String).filter((file) => file.endsWith('.seg'));
const segmentFile = async (): Promise<string> =>
  path.join(directory.path, (await filesIn(directory.path))[0] ?? 'none');
const homes = async (): Promise<string[]> =>
  (await readdir(directory.path)).filter((name) => /^[0-9a-f]+$/.test(name));
/** The part of the queue that the spool uses. */
const queueOf = (
  take: (content: string) => void = () => undefined,
): Pick<JobQueue, 'add' | 'ping'> & { readonly taken: string[] } => {
  const taken: string[] = [];
  return {
    taken,
    ping: async () => undefined,
    add: async (order) => {
      const content = 'content' in order.data ? order.data.content : '';
      take(content);
      taken.push(content);
      return order.id;
    },
  };
};
const drainTo = (spool: Spool, queue: Pick<JobQueue, 'add' | 'ping'>): Drainer => {
  const drainer = new Drainer(spool, queue, logger, 1);
  spool.onEvents();
  return drainer;
};
/** Waits until a process has checked the directories of all others twice: each check follows a heartbeat. */
const checked = async (home: string): Promise<void> => {
  const heartbeat = async (): Promise<number> =>
    (await stat(path.join(directory.path, home, 'owner'))).mtimeMs;
  for (let round = 0; round < 2; round++) {
    const before = await heartbeat();
    await until(async () => (await heartbeat()) !== before);
  }
};
/** Leaves the directory of a process that was killed and whose process id is unused. */
const killed = async (
  texts: readonly string[],
  owner = `${processSpace()}\n999999999 1`,
): Promise<string> => {
  const spool = await openSpool({ heartbeatMs: 3_600_000 });
  await Promise.all(texts.map((text) => spool.append(event(text))));
  const [home = ''] = await homes();
  await writeFile(path.join(directory.path, home, 'owner'), owner);
  return home;
};
