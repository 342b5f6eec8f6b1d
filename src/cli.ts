#!/usr/bin/env node
import 'reflect-metadata';
import { runCommandLine } from './cli/command-line.js';
import { withoutUserinfo } from './platform/logging/without-userinfo.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
// The reader of a pipe may end first, as `head` does.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

try {
  const { env, stdout, stderr } = process;
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    env,
    stdout,
    stderr,
    signal: stop.signal,
  });
} catch (error) {
  process.stderr.write(`${withoutUserinfo(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
}
