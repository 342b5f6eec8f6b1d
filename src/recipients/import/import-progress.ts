import type { WriteStream } from 'node:tty';
import type { Fault } from '../../platform/errors/gateway-error.js';
import type { ImportReport } from './run-import.js';

/** A terminal has one line that is overwritten; a log gets a new line each time, so less often. */
const TERMINAL_INTERVAL_MS = 200;
const LOG_INTERVAL_MS = 5_000;

/** Reports the progress of an import on standard error. */
export class ImportProgress implements ImportReport {
  private readonly startedAt = performance.now();
  private shownAt = this.startedAt;
  private hasLine = false;

  constructor(private readonly out: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean }) {}

  bad(line: number, faults: readonly Fault[]): void {
    this.clear();
    for (const { path, problem } of faults) {
      this.out.write(`line ${line}: ${path === '' ? '' : `${path} `}${problem}\n`);
    }
  }

  progress(rows: number): void {
    const now = performance.now();
    if (now - this.shownAt < (this.out.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    this.shownAt = now;
    this.clear();
    this.out.write(`${this.rate(rows)}${this.out.isTTY ? '' : '\n'}`);
    this.hasLine = this.out.isTTY ?? false;
  }

  /** Clears the progress line of a terminal. */
  clear(): void {
    if (this.hasLine) this.out.write('\r\u001b[K');
    this.hasLine = false;
  }

  /** Such as `12,000 rows, 3,400/s`. */
  rate(rows: number): string {
    const seconds = Math.max((performance.now() - this.startedAt) / 1_000, 0.001);
    return `${rows.toLocaleString('en')} rows, ${Math.round(rows / seconds).toLocaleString('en')}/s`;
  }
}
