import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { until } from './until.js';

export interface GatewayProcess {
  readonly url: string;
  /** Output so far. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Stops it cleanly. @returns its exit code. */
  stop(): Promise<number | null>;
  /** Kills it, as a crash would. */
  kill(): Promise<void>;
}

/** Compiles the program if it is older than its source. */
export function buildProgram(): void {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { stdio: 'ignore' });
}

/** The environment of a program under test, with only what it needs of this one. */
function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', ...env };
}

/** The built program, running or exited. */
export interface SpawnedProgram {
  /** Output so far. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Exit code; null if a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Starts the built program without waiting. */
export function spawnProgram(env: Readonly<Record<string, string>>): SpawnedProgram {
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ...watch(child), signal: (signal) => void child.kill(signal) };
}

/** Starts the built program and waits until it listens. @throws Error with its output if it exits instead. */
export async function startProcess(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const { output, signal, exited } = spawnProgram(env);
  let ended = false;
  void exited.then(() => (ended = true));
  const url = await until(() => {
    if (ended) throw new Error(`The program did not listen:\n${output()}`);
    return /"url":"(http:[^"]+)"[^\n]*process\.listening/.exec(output())?.[1];
  }, output);
  return {
    url,
    output,
    signal,
    stop: () => {
      signal('SIGTERM');
      return exited;
    },
    kill: async () => {
      signal('SIGKILL');
      await exited;
    },
  };
}

/** Runs the built program until it exits. */
export async function runProcess(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const { output, exited } = spawnProgram(env);
  return { code: await exited, output: output() };
}

function watch(child: ChildProcess): { output: () => string; exited: Promise<number | null> } {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    output: () => text,
    exited: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
  };
}

/** A temporary directory for one test. */
export async function temporaryDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-test-'));
  return { path: directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
