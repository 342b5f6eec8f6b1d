import type { ListQuery } from './filters.js';
import { readPage } from './queries.js';

/** Rows of a request. */
const PAGE = 200;

/** An export that is under way, or was interrupted and can go on. */
export class Export {
  /** The browser keeps large blobs on disk. */
  private lines = new Blob([], { type: 'application/x-ndjson' });
  private cursor: string | undefined;
  private rows = 0;

  /** @param query all of its pages are read, one after the other */
  constructor(private readonly query: ListQuery) {}

  get count(): number {
    return this.rows;
  }

  /** Reads on to the end of the list. After a failure it may be called again, and goes on from there. */
  async read(signal: AbortSignal, onProgress: (count: number) => void): Promise<Blob> {
    for (;;) {
      const { data, nextCursor } = await readPage(this.query, { cursor: this.cursor, limit: PAGE, signal });
      const text = data.map((row) => `${JSON.stringify(row)}\n`).join('');
      this.lines = new Blob([this.lines, text], { type: this.lines.type });
      this.rows += data.length;
      onProgress(this.rows);
      if (nextCursor === null) return this.lines;
      this.cursor = nextCursor;
    }
  }
}

/** `notifications-2026-03-01T09-00-00.ndjson` */
export const fileName = (now: Date): string =>
  `notifications-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.ndjson`;
