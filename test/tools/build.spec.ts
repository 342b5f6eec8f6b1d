import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeBuildCopy } from '../support/build-copy.js';

let root: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ root, remove } = await makeBuildCopy());
});
afterAll(() => remove());

const isBuilt = (): boolean => existsSync(path.join(root, 'dist/main.js'));

/** Runs the build of `npm start`. @returns the exit code. */
const build = (): Promise<number | null> =>
  new Promise((resolve) => {
    spawn(process.execPath, ['scripts/build.mjs', '--if-needed'], { cwd: root }).once('exit', resolve);
  });

describe('the build before npm start', () => {
  it('runs once for several processes started together', async () => {
    const codes: (number | null)[] = [];
    // Staggered, so that a later build would empty the output of an earlier one.
    const builds = [0, 300, 600, 900].map(async (delay) => {
      await sleep(delay);
      codes.push(await build());
    });
    const all = Promise.all(builds);
    while (codes.length < builds.length) {
      if (codes.length > 0) expect(isBuilt()).toBe(true);
      await sleep(5);
    }
    await all;
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(isBuilt()).toBe(true);
    expect(existsSync(path.join(root, '.build-lock'))).toBe(false);
  });

  it('builds the console for production, whatever NODE_ENV is', async () => {
    expect(process.env.NODE_ENV).toBe('test');
    const assets = path.join(root, 'dist/console/assets');
    const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(scripts.map((name) => readFile(path.join(assets, name), 'utf8')));
    // Messages of React: its production version has only their numbers.
    expect(texts.join('')).toContain('Minified React error');
    expect(texts.join('')).not.toContain('Invalid hook call');
  });

  it('runs again after a build was killed', async () => {
    await rm(path.join(root, 'dist'), { recursive: true });
    // The id of a process that has exited.
    const ended = spawn(process.execPath, ['--version']);
    await new Promise((resolve) => ended.once('exit', resolve));
    await writeFile(path.join(root, '.build-lock'), String(ended.pid));
    expect(await build()).toBe(0);
    expect(isBuilt()).toBe(true);
  });
});
