import { createReadStream } from 'node:fs';
import path from 'node:path';
import { csvRows } from './csv-rows.js';
import type { Importer } from './importer.js';
import { ndjsonRows } from './ndjson-rows.js';
import { runImport, type ImportReport, type ImportResult } from './run-import.js';

/** Content of an import file, by its extension. */
export const IMPORT_KINDS = { '.ndjson': 'devices', '.csv': 'contacts' } as const;
export type ImportKind = (typeof IMPORT_KINDS)[keyof typeof IMPORT_KINDS];

export function importKindOf(file: string): ImportKind | undefined {
  const extension = path.extname(file).toLowerCase();
  return Object.entries(IMPORT_KINDS).find(([known]) => known === extension)?.[1];
}

export interface ImportOptions {
  readonly file: string;
  readonly kind: ImportKind;
  /** App of rows that name none. */
  readonly appId: string | undefined;
  readonly report: ImportReport;
  readonly signal: AbortSignal;
}

/** Imports a file of devices (NDJSON) or contacts (CSV). @throws Error if the file cannot be read. */
export async function importFile(importer: Importer, options: ImportOptions): Promise<ImportResult> {
  const { file, kind, appId, report, signal } = options;
  const input = createReadStream(file);
  try {
    if (kind === 'devices') {
      return await runImport(ndjsonRows(input), (row) => importer.importDevice(row, appId), report, signal);
    }
    const rows = csvRows(input, { required: ['uid', 'phno'], optional: ['name', 'appId'] });
    return await runImport(rows, (row) => importer.importContact(row, appId), report, signal);
  } finally {
    input.destroy();
  }
}
