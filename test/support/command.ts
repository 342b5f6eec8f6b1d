import { PassThrough } from 'node:stream';
import { runCommandLine } from '../../src/cli/command-line.js';
import type { ExitCode } from '../../src/cli/command.js';

export interface CommandEnd {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bellhop` with these arguments in this process, with this environment only. */
export async function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<CommandEnd> {
  const [stdout, stderr] = [recorder(), recorder()];
  const code = await runCommandLine(args, {
    ...{ env, signal },
    stdout: stdout.stream,
    stderr: stderr.stream,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function recorder(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, text: () => text };
}
