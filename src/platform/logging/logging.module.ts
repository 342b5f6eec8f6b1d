import { Global, Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import { codeOf } from '../errors/code-of.js';
import type { LogLevel } from '../config/process-settings.js';
import { openLogDestination, type LogFormat } from './log-destination.js';
import type { LogMessage } from './log-messages.js';
import type { Logger } from './logger.js';
import { withoutUserinfo } from './without-userinfo.js';

/** Injection token of the logger. */
export const LOGGER = Symbol('LOGGER');

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly role: string;
  /** `LOG_FORMAT`; undefined: pretty if standard output is a terminal, JSON otherwise. */
  readonly format?: LogFormat | undefined;
  /** Several processes write to one output. */
  readonly isShared?: boolean;
  /** Part of each line, if it is set. */
  readonly pid?: number;
}

/** The process's log on standard output. Without pino-pretty it is always JSON. */
export function createLogger({ level, role, format, isShared = false, pid }: LoggerOptions): Logger {
  const out = openLogDestination(format ?? (process.stdout.isTTY ? 'pretty' : 'json'), isShared);
  const logger = pino(
    {
      level,
      base: pid === undefined ? { role } : { role, pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: describeError },
    },
    out ?? openLogDestination('json', isShared),
  );
  if (!out && format) logger.warn({}, 'log.pretty_unavailable' satisfies LogMessage);
  return logger;
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
