import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe } from '@jest/globals';

const isAtHand = ['redis-server', 'redis-cli'].every(
  (program) => spawnSync(program, ['--version']).status === 0,
);
if (!isAtHand) process.stderr.write('Not run: no redis-server and redis-cli on the PATH.\n');

/** Tests with their own Redis: run if possible, and once only, not again in the round on Redis. */
export const onOwnRedis = isAtHand && !process.env['TEST_REDIS_URL'] ? describe : describe.skip;

/** A redis-server on 127.0.0.1 with an append-only file synced on every write. */
export interface RedisServer {
  readonly port: number;
  /** Kills it, as a crash would. */
  kill(): Promise<void>;
  /** Pauses or resumes the process. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  close(): Promise<void>;
}

/** Starts a server and waits until it accepts connections. @throws Error with its output if it exits instead. */
export async function startRedis(port: number, flags: readonly string[] = []): Promise<RedisServer> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-redis-'));
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  // Sentinels store their state in the configuration file, and accept no append-only option.
  const store = flags.includes('--sentinel')
    ? []
    : ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  const child = spawn('redis-server', [...flags, ...own, ...store], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  process.once('exit', () => child.kill('SIGKILL'));
  await untilReady(child);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  };
  return {
    port,
    kill: () => end('SIGKILL'),
    signal: (signal) => void child.kill(signal),
    close: async () => {
      await end('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  let words = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (words.length < 8_192) words += chunk.toString();
      if (/Ready to accept connections|Sentinel ID is/.test(words)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended at start (${code}):\n${words}`)));
  });
}

/** Ports that were free a moment ago. Cluster nodes also listen on `port + 10000`. */
export async function freePorts(count: number, below = 65_536): Promise<number[]> {
  const probes: ReturnType<typeof createServer>[] = [];
  const ports: number[] = [];
  while (ports.length < count) {
    const probe = createServer();
    probes.push(probe);
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    if (port < below) ports.push(port);
  }
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}

export async function redisCli(port: number, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...args]);
  return stdout.trim();
}
