import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/**
 * As in `docker-compose.yml`. `appendfsync always` is required: with `everysec`, while an earlier write waits for the
 * disk, Redis answers up to 2 s before it writes, and a `kill -9` then loses acknowledged writes.
 */
export const REDIS_SETTINGS = {
  appendonly: 'yes',
  appendfsync: 'always',
  save: '',
  'maxmemory-policy': 'noeviction',
  'hash-max-listpack-value': '4096',
};

/** @returns {boolean} whether a redis-server is on the PATH */
export const hasRedisServer = () => spawnSync('redis-server', ['--version']).status === 0;

/**
 * Runs a redis-server configured as in `docker-compose.yml` during `use`, then deletes its data.
 *
 * @template T
 * @param {(url: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withTemporaryRedis(use) {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-redis-'));
  const port = await freePort();
  const server = spawnRedis({ directory, port });
  const ended = new Promise((resolve) => server.once('close', resolve));
  try {
    await untilReady(server);
    return await use(`redis://127.0.0.1:${port}`);
  } finally {
    server.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Starts a redis-server on 127.0.0.1.
 *
 * @param {{ directory: string, port: number, settings?: Record<string, string | number> }} options
 */
export function spawnRedis({ directory, port, settings = {} }) {
  const all = {
    ...{ port, bind: '127.0.0.1', dir: directory },
    ...REDIS_SETTINGS,
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  // A separate process group, so that Ctrl-C in a terminal stops the tests first, which then stop the server.
  return spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
}

/** @param {import('node:child_process').ChildProcess} server @returns {Promise<void>} resolves when it has loaded its data */
export function untilReady(server) {
  let output = '';
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', (chunk) => {
      if (output.length < 8_192) output += chunk;
      if (/Ready to accept connections|Sentinel ID is/.test(output)) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server exited at start (${code}):\n${output}`)));
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
