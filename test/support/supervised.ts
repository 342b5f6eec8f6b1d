import { isAlive } from '../../src/platform/processes/process-identity.js';
import { until } from './until.js';

/** A line of the log. */
export interface LogLine {
  readonly msg: string;
  readonly pid?: number;
  readonly url?: string;
  readonly opsUrl?: string;
  readonly signal?: string | null;
}

/** The JSON lines of an output. @throws SyntaxError if processes have broken each other's lines. */
export function logLines(output: string): LogLine[] {
  return output
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

/** The process ids of lines with a message, in the order of the log. */
export function pidsOf(output: string, message: string): number[] {
  return logLines(output).flatMap(({ msg, pid }) => (msg === message && pid !== undefined ? [pid] : []));
}

/** Waits until a supervisor's processes listen. Each writes its log in batches. @returns the ids of the processes. */
export async function untilListening(process: { output(): string }, count: number): Promise<number[]> {
  const isReady = (): boolean =>
    process.output().includes('supervisor.listening') &&
    pidsOf(process.output(), 'process.listening').length >= count;
  await until(isReady, process.output);
  return pidsOf(process.output(), 'process.listening');
}

/** Waits until none of the processes is alive. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await until(
    () => !pids.some(isAlive),
    () => pids.filter(isAlive),
  );
}
