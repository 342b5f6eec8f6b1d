import type { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import type { ImportRow } from './import-row.js';

export interface CsvColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Reads CSV (RFC 4180) whose first line names its columns, in any order and case. A row that cannot be read is
 * reported under the line on which it ends.
 *
 * @throws Error where a required column is missing.
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
  // A failure of the file itself would otherwise leave the parser waiting for more.
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

/** In our own words: the parser's quote the value. */
function faultOf({ code }: CsvError): { path: string; problem: string } {
  const isUneven = code === 'CSV_RECORD_INCONSISTENT_COLUMNS';
  return {
    path: '',
    problem: isUneven ? 'has not as many columns as the first line' : 'has a misplaced quote',
  };
}
