import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from '../../src/platform/processes/process-identity.js';

export interface NpmStart {
  /** Output of npm and its scripts so far. */
  output(): string;
  /** Running processes: npm with its scripts and the gateway, and the embedded PostgreSQL. */
  running(): ('npm' | 'gateway' | 'postgres')[];
  /** Sends a signal to npm only, as a process manager does. @returns npm's exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  /** Kills all remaining processes. */
  kill(): Promise<void>;
}

/** Starts `npm start` in its own process group on any free port, without waiting. */
export function npmStart(
  root: string,
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): NpmStart {
  const npm = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: '0',
      DATA_DIR: dataDir,
      npm_config_update_notifier: 'false',
      ...env,
    },
  });
  const group = -(npm.pid ?? 0);
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => {
    npm.once('exit', (code, signal) => resolve(signal ?? code));
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));

  // A clean stop removes both files before the processes exit, so the ids are remembered.
  let gateway: number | undefined;
  let postgres: number | undefined;
  const running: NpmStart['running'] = () => {
    gateway ??= pidIn(path.join(dataDir, 'bellhop.lock'));
    // Rewritten by each process that uses the data directory, including initdb.
    postgres = pidIn(path.join(dataDir, 'postgres/postmaster.pid')) ?? postgres;
    return [
      ...(isAlive(group) ? (['npm'] as const) : []),
      ...(gateway !== undefined && isAlive(gateway) ? (['gateway'] as const) : []),
      ...(postgres !== undefined && isAlive(postgres) ? (['postgres'] as const) : []),
    ];
  };
  return {
    output: () => output,
    running,
    end: (signal) => {
      npm.kill(signal);
      return exited;
    },
    kill: async () => {
      running();
      for (const pid of [group, postgres])
        if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
      await exited;
    },
  };
}

/** The process id at the start of a file; undefined if there is none. */
function pidIn(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    // PostgreSQL writes the id of a single-user process as a negative number.
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
