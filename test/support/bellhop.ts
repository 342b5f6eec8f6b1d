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

  constructor(private readonly onText: (text: string) => void = () => undefined) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.onText(this.text);
    done();
  }
}

/** Runs `bellhop` in this process. @param onData is given the data so far. */
export async function bellhop(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal = new AbortController().signal,
  onData?: (text: string) => void,
): Promise<Ran> {
  const [stdout, stderr] = [new Collected(onData), new Collected()];
  const exitCode = await runCommandLine(args, { env, stdout, stderr, signal });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}
