import { GatewayError, type Fault } from '../../platform/errors/gateway-error.js';
import type { ImportRow } from './import-row.js';

/** One batch is written before the next is read; `Batcher` makes one statement of it. */
const BATCH = 250;

/** What an import tells while it runs. */
export interface ImportReport {
  /** A row was not taken. */
  bad(line: number, faults: readonly Fault[]): void;
  /** So many rows were read so far. */
  progress(rows: number): void;
}

export interface ImportResult {
  readonly rows: number;
  readonly bad: number;
}

/**
 * Takes rows in their order, in batches, and goes on past those that are bad.
 *
 * @param take takes one row, or throws a `GatewayError` that says what is wrong with it.
 * @param signal ends the import after the batch that is under way.
 * @throws whatever else `take` throws: then the database is away, and the import should be run again.
 */
export async function runImport(
  rows: AsyncIterable<ImportRow>,
  take: (value: unknown) => Promise<void>,
  report: ImportReport,
  signal: AbortSignal,
): Promise<ImportResult> {
  let read = 0;
  let bad = 0;
  const write = async (batch: readonly ImportRow[]): Promise<void> => {
    const outcomes = await Promise.all(batch.map((row) => faultsOf(row, take)));
    batch.forEach(({ line }, index) => {
      const faults = outcomes[index] ?? [];
      if (faults.length === 0) return;
      bad++;
      report.bad(line, faults);
    });
    read += batch.length;
    report.progress(read);
  };

  let batch: ImportRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    await write(batch);
    batch = [];
    if (signal.aborted) break;
  }
  await write(batch);
  return { rows: read, bad };
}

async function faultsOf(row: ImportRow, take: (value: unknown) => Promise<void>): Promise<readonly Fault[]> {
  if ('faults' in row) return row.faults;
  try {
    await take(row.value);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status >= 500) throw error;
    return error.errors.length > 0 ? error.errors : [{ path: '', problem: error.message }];
  }
}
