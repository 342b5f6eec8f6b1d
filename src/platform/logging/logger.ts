import type { LogMessage } from './log-messages.js';

type Log = (fields: object, message: LogMessage) => void;

/** The log: it takes the messages of `LOG_MESSAGES` only. A pino logger implements it. */
export interface Logger {
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
  readonly fatal: Log;
}
