import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { DestinationStream } from 'pino';
import type PinoPretty from 'pino-pretty';
import sonicBoom, { type SonicBoom, type SonicBoomOpts } from 'sonic-boom';
import { codeOf } from '../errors/code-of.js';

export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Over a hundred lines: a write for each few of them costs more than to make them. */
const BATCH_BYTES = 32_768;
/** The size up to which Linux writes to a pipe as a whole. */
const SHARED_WRITE_BYTES = 4_096;
const FLUSH_EVERY_MS = 500;
/** Lines kept in memory while standard output cannot be written; further ones are lost. */
const MAX_KEPT_BYTES = 16_777_216;
/** 100 ms each: longest wait at exit for a reader that does not read. */
const MAX_WRITE_RETRIES = 20;

/**
 * Opens standard output for the log.
 *
 * @param isShared other processes write to it as well, and must not break a line.
 * @returns undefined for `pretty` if the development package pino-pretty is not installed.
 */
export function openLogDestination(format: LogFormat, isShared: boolean): DestinationStream | undefined {
  return format === 'pretty' ? prettyLines(isShared) : jsonLines(isShared);
}

/**
 * JSON lines, written in batches so that a line never holds up a request. Buffered lines are written when the process
 * exits in order; a killed process may lose its last lines.
 */
function jsonLines(isShared: boolean): DestinationStream {
  const maxWrite = isShared ? SHARED_WRITE_BYTES : 2 * BATCH_BYTES;
  const out = openOutput({ sync: false, minLength: maxWrite / 2, maxWrite });
  const timer = setInterval(() => out.flush(), FLUSH_EVERY_MS);
  timer.unref();
  process.once('exit', () => {
    try {
      out.flushSync();
    } catch {
      // Reported by the failed writes before.
    }
  });
  return out;
}

/** Coloured lines for a terminal, each written at once. */
function prettyLines(isShared: boolean): DestinationStream | undefined {
  const load = createRequire(import.meta.url);
  try {
    const { prettyFactory } = load('pino-pretty') as typeof PinoPretty;
    const prettify = prettyFactory({
      singleLine: true,
      translateTime: 'SYS:HH:MM:ss.l',
      ignore: isShared ? 'role,hostname' : 'role,pid,hostname',
    });
    const out = openOutput({ sync: true });
    return { write: (line) => void out.write(prettify(line)) };
  } catch (error) {
    if (codeOf(error) === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Standard output. A full disk or a reader that is gone does not end the gateway: lines are kept up to a limit and
 * written once that is possible again.
 */
function openOutput(options: SonicBoomOpts): SonicBoom {
  const retries = { maxWriteRetries: MAX_WRITE_RETRIES };
  const out = new sonicBoom.SonicBoom({ fd: 1, maxLength: MAX_KEPT_BYTES, ...options, ...retries });
  let isFailing = false;
  out.on('error', (error) => {
    if (!isFailing) reportOnce(error);
    isFailing = true;
  });
  out.on('write', () => (isFailing = false));
  return out;
}

/** The log itself cannot say it. */
function reportOnce(error: unknown): void {
  try {
    writeSync(2, `Bellhop cannot write its log to standard output: ${codeOf(error) ?? 'unknown error'}\n`);
  } catch {
    // Standard error is gone as well.
  }
}
