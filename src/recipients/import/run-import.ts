import { GatewayError, type Fault } from '../../platform/errors/gateway-error.js';
import type { ImportRow } from './import-row.js';

/** Rows per batch, each written before the next is read; `Batcher` writes a batch in one statement. */
const BATCH = 250;

/** Receives the progress of an import. */
export interface ImportReport {
  /** A row was refused. */
  bad(line: number, faults: readonly Fault[]): void;
  /** @param rows rows read so far. */
  progress(rows: number): void;
}

export interface ImportResult {
  readonly rows: number;
  readonly bad: number;
}

/**
 * Imports rows in order, in batches, and continues past bad ones.
 *
 * @param take imports one row, or throws a `GatewayError` with its faults.
 * @param signal stops the import after the current batch.
 * @throws any other error of `take`: the database is unavailable, and the import should be run again.
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
