import type { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import type { ImportRow } from './import-row.js';

export interface CsvColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Reads CSV (RFC 4180) with column names in the first line, in any order and case. An unreadable row is reported under
 * the line where it ends.
 *
 * @throws Error if a required column is missing.
 */
export async function* csvRows(input: Readable, columns: CsvColumns): AsyncGenerator<ImportRow> {
  const unreadable = new Map<number, ImportRow>();
  const records = input.pipe(
    parse({
      bom: true,
      trim: true,
      info: true,
      skip_empty_lines: true,
      columns: (header: string[]) => namesOf(header, columns),
      skip_records_with_error: true,
      on_skip: (error) => {
        if (error) unreadable.set(lineOf(error), { line: lineOf(error), faults: [faultOf(error)] });
        return undefined;
      },
    }),
  );
  // Without this, the parser would keep waiting after a failure of the file.
  input.once('error', (error) => records.destroy(error));
  for await (const record of records as AsyncIterable<{ info: { lines: number }; record: unknown }>) {
    yield* drain(unreadable);
    yield { line: record.info.lines, value: record.record };
  }
  yield* drain(unreadable);
}

function namesOf(header: readonly string[], { required, optional }: CsvColumns): string[] {
  const known = new Map([...required, ...optional].map((name) => [name.toLowerCase(), name]));
  const names = header.map((name) => known.get(name.trim().toLowerCase()) ?? name);
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`The first line must name the columns ${required.join(' and ')}.`);
  return names;
}

function* drain(rows: Map<number, ImportRow>): Generator<ImportRow> {
  yield* rows.values();
  rows.clear();
}

const lineOf = (error: CsvError): number => Number(error['lines']);

/** Our own message, because the parser's quotes the value. */
function faultOf({ code }: CsvError): { path: string; problem: string } {
  const isUneven = code === 'CSV_RECORD_INCONSISTENT_COLUMNS';
  return {
    path: '',
    problem: isUneven ? 'has a different number of columns than the first line' : 'has a misplaced quote',
  };
}
