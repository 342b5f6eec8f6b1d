import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeBuildCopy } from '../support/build-copy.js';
import { npmStart, type NpmStart } from '../support/npm-start.js';
import { buildProgram, temporaryDirectory } from '../support/process.js';
import { until } from '../support/until.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const STOPS = SIGNALS.flatMap((signal) => ['1', '2'].map((count) => ({ signal, PROCESSES: count })));

describe('npm start', () => {
  it.each(STOPS)('stops the gateway and its PostgreSQL: %j', async ({ signal, ...env }) => {
    start = npmStart('.', directory.path, env);
    const listening = env.PROCESSES === '1' ? 'process.listening' : 'supervisor.listening';
    await until(() => start.output().includes(listening), start.output);
    expect(start.running()).toEqual(['npm', 'gateway', 'postgres']);
    expect(await start.end(signal)).toBe(0);
    expect(start.running()).toEqual([]);
    expect(start.output()).toContain('process.stopped');
  });

  it.each(STOPS)('stops both before the gateway listens: %j', async ({ signal, ...env }) => {
    start = npmStart('.', directory.path, env);
    await until(() => start.running().includes('postgres'), start.output);
    expect(start.output()).not.toContain('process.listening');
    expect(await start.end(signal)).toBe(0);
    expect(start.running()).toEqual([]);
    expect(start.output()).toContain('process.stopped');
  });

  it.each(SIGNALS)('stops the build if npm receives %s, without starting the gateway', async (signal) => {
    const { root, remove } = await makeBuildCopy();
    try {
      start = npmStart(root, directory.path);
      await until(() => start.output().includes('SWC'), start.output);
      expect(await start.end(signal)).toBe(signal);
      expect(start.running()).toEqual([]);
      expect(existsSync(path.join(root, '.build-lock'))).toBe(false);
      expect(existsSync(path.join(root, 'dist/.build-stamp'))).toBe(false);
      expect(start.output()).not.toContain('dist/main.js');
    } finally {
      await start.kill();
      await remove();
    }
  });

  let start: NpmStart;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(buildProgram);
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(async () => {
    await start.kill();
    await directory.remove();
  });
});
