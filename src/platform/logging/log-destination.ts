import { createRequire } from 'node:module';
import { destination, type DestinationStream } from 'pino';
import type PinoPretty from 'pino-pretty';
import { codeOf } from '../errors/code-of.js';

export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Over a hundred lines: a write for each few of them costs more than to make them. */
const BATCH_BYTES = 32_768;
const FLUSH_EVERY_MS = 500;

/**
 * Opens standard output for the log.
 *
 * @returns undefined for `pretty` if the development package pino-pretty is not installed.
 */
export function openLogDestination(format: LogFormat): DestinationStream | undefined {
  return format === 'pretty' ? prettyLines() : jsonLines();
}

/**
 * JSON lines, written in batches so that a line never holds up a request. Buffered lines are written when the process
 * exits in order; a killed process may lose its last lines.
 */
function jsonLines(): DestinationStream {
  const out = destination({ fd: 1, sync: false, minLength: BATCH_BYTES, maxWrite: 2 * BATCH_BYTES });
  const timer = setInterval(() => out.flush(), FLUSH_EVERY_MS);
  timer.unref();
  process.once('exit', () => {
    try {
      out.flushSync();
    } catch {
      // Standard output is gone; there is nowhere left to say so.
    }
  });
  return out;
}

/** Coloured lines for a terminal, each written at once. */
function prettyLines(): DestinationStream | undefined {
  const load = createRequire(import.meta.url);
  try {
    const pretty = load('pino-pretty') as typeof PinoPretty;
    return pretty({
      sync: true,
      singleLine: true,
      translateTime: 'SYS:HH:MM:ss.l',
      ignore: 'role,pid,hostname',
    });
  } catch (error) {
    if (codeOf(error) === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
