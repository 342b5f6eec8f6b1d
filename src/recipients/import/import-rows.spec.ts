import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { csvRows } from './csv-rows.js';
import type { ImportRow } from './import-row.js';
import { ndjsonRows } from './ndjson-rows.js';

async function collect(rows: AsyncIterable<ImportRow>): Promise<ImportRow[]> {
  const all: ImportRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** The bytes in chunks of `size`, as a file is read. */
const chunked = (text: string, size: number): Readable => {
  const bytes = Buffer.from(text);
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );
};

const readLines = (text: string, size = 65_536): Promise<ImportRow[]> =>
  collect(ndjsonRows(chunked(text, size)));

describe('ndjsonRows', () => {
  it.each([1, 3, 65_536])('reads one value per line from chunks of %i bytes', async (size) => {
    expect(await readLines('{"a":"ä"}\r\n\n  \n[2]\n{"c":3}', size)).toEqual([
      { line: 1, value: { a: 'ä' } },
      { line: 4, value: [2] },
      { line: 5, value: { c: 3 } },
    ]);
  });

  it('reports unreadable lines without quoting them, and continues', async () => {
    const rows = await readLines(
      `{"secret\n{"__proto__":{"x":1}}\n"${'x'.repeat(70_000)}"\n${'['.repeat(100)}\n{"ok":1}\n`,
    );
    expect(rows.map((row) => [row.line, 'value' in row ? row.value : row.faults[0]?.problem])).toEqual([
      [1, 'is not valid JSON'],
      [2, expect.stringContaining('forbidden key')],
      [3, 'is longer than 65536 bytes'],
      [4, expect.stringContaining('nested deeper')],
      [5, { ok: 1 }],
    ]);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('refuses invalid UTF-8', async () => {
    const rows = await collect(ndjsonRows(Readable.from([Buffer.from([0x22, 0xff, 0x22, 0x0a])])));
    expect(rows).toEqual([{ line: 1, faults: [{ path: '', problem: 'is not valid UTF-8' }] }]);
  });
});

describe('csvRows', () => {
  const columns = { required: ['uid', 'phno'], optional: ['name', 'appId'] };
  const read = (text: string): Promise<ImportRow[]> => collect(csvRows(chunked(text, 7), columns));

  it('reads quoted fields, any order and case of columns, and a byte order mark', async () => {
    expect(
      await read('\ufeffPHNO, Uid ,name,APPID,note\r\n+1,ann,"Ann ""A"", Jr.",app1,x\r\n\r\n+2,bob,,,\r\n'),
    ).toEqual([
      { line: 2, value: { phno: '+1', uid: 'ann', name: 'Ann "A", Jr.', appId: 'app1', note: 'x' } },
      { line: 4, value: { phno: '+2', uid: 'bob', name: '', appId: '', note: '' } },
    ]);
  });

  it('reports unreadable rows without quoting them, and continues', async () => {
    const rows = await read('uid,phno\nann,+1\nsecret\nbob,+2,secret\ncyd,se"cret\ndan,+3\n');
    expect(rows.filter((row) => 'value' in row)).toEqual([
      { line: 2, value: { uid: 'ann', phno: '+1' } },
      { line: 6, value: { uid: 'dan', phno: '+3' } },
    ]);
    expect(rows.filter((row) => 'faults' in row)).toEqual([
      { line: 3, faults: [{ path: '', problem: 'has a different number of columns than the first line' }] },
      { line: 4, faults: [{ path: '', problem: 'has a different number of columns than the first line' }] },
      { line: 5, faults: [{ path: '', problem: 'has a misplaced quote' }] },
    ]);
  });

  it('reports a quote that is never closed', async () => {
    const rows = await read('uid,phno\nann,"+1\nbob,+2\n');
    expect(rows).toEqual([
      { line: expect.any(Number), faults: [{ path: '', problem: 'has a misplaced quote' }] },
    ]);
  });

  it('refuses a file without the required columns', async () => {
    await expect(read('uid,name\nann,Ann\n')).rejects.toThrow(
      'The first line must name the columns uid and phno.',
    );
  });
});
