import { Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/command-line.js';

/** The result of a command. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs `bellhop` in this process. */
export async function bellhop(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const exitCode = await runCommandLine(args, { env, stdout, stderr, signal });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}
