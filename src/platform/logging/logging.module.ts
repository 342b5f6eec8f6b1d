import { Global, Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import { destination, pino } from 'pino';
import { codeOf } from '../errors/code-of.js';
import type { LogLevel } from '../config/process-settings.js';
import type { LogMessage } from './log-messages.js';
import type { Logger } from './logger.js';
import { withoutUserinfo } from './without-userinfo.js';

/** Injection token of the logger. */
export const LOGGER = Symbol('LOGGER');

/** Over a hundred lines: a write for each few of them costs more than to make them. */
const BATCH_BYTES = 32_768;
const FLUSH_EVERY_MS = 500;

/**
 * The process's log: JSON lines on standard output, written in batches so that a line never holds up a request.
 * What was buffered is written out when the process ends in order; a killed process may lose its last lines.
 */
export function createLogger(level: LogLevel, role: string): Logger {
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
  return pino(
    {
      level,
      base: { role },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: describeError },
    },
    out,
  );
}

/**
 * An error without what drivers hang on it: a whole client, with its settings, or the values of a query; and without
 * the passwords of the URLs that it names.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message: withoutUserinfo(message), stack: withoutUserinfo(stack), code: codeOf(error) };
}

@Global()
@Module({})
export class LoggingModule {
  static with(logger: Logger): DynamicModule {
    const providers = [{ provide: LOGGER, useValue: logger }];
    return { module: LoggingModule, providers, exports: providers };
  }
}

/** Logs NestJS's own messages, which `LOG_MESSAGES` does not list. Those of the start are logged at `debug`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message) as LogMessage);
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message) as LogMessage);
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack }, String(message) as LogMessage);
  }
}
