import { GatewayError } from '../../platform/errors/gateway-error.js';
import { parseJsonBody } from '../../platform/http/json-body.js';
import type { ImportRow } from './import-row.js';

/** The same limit as for the body of a request. */
const MAX_LINE_BYTES = 65_536;
const LINE_FEED = 0x0a;

/** Reads newline-delimited JSON, each line as strictly as the body of a request. Skips blank lines. */
export async function* ndjsonRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<ImportRow> {
  let line = 0;
  for await (const text of linesOf(chunks)) {
    line++;
    if (text.length > MAX_LINE_BYTES) {
      yield { line, faults: [{ path: '', problem: `is longer than ${MAX_LINE_BYTES} bytes` }] };
    } else if (text.toString('latin1').trim() !== '') {
      yield parse(line, text);
    }
  }
}

function parse(line: number, text: Buffer): ImportRow {
  try {
    return { line, value: parseJsonBody(text) };
  } catch (error) {
    if (error instanceof GatewayError) return { line, faults: error.errors };
    throw error;
  }
}

/** Splits at line feeds. Of a line that is too long, keeps just enough to detect it. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let kept: Buffer[] = [];
  let length = 0;
  const keep = (part: Buffer): void => {
    if (length <= MAX_LINE_BYTES) kept.push(part);
    length += part.length;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end));
      yield Buffer.concat(kept);
      kept = [];
      length = 0;
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) yield Buffer.concat(kept);
}
