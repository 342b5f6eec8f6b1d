import { ERRORS, type ErrorCode } from './error-table.js';

/** One thing that is wrong with what was given: where, and how. Never the value itself. */
export interface Fault {
  readonly path: string;
  readonly problem: string;
}

export interface GatewayErrorDetails {
  readonly errors?: readonly Fault[];
  /** Seconds after which the caller may try again; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The scheme that the caller should log in by; sent as `WWW-Authenticate`. */
  readonly challenge?: string;
  readonly cause?: unknown;
}

/** An error that has an answer of its own: its code decides the status and the sentence. */
export class GatewayError extends Error {
  readonly status: number;
  readonly errors: readonly Fault[];
  readonly retryAfterSeconds: number | undefined;
  readonly challenge: string | undefined;

  constructor(
    readonly code: ErrorCode,
    details: GatewayErrorDetails = {},
  ) {
    const [status, message] = ERRORS[code];
    super(message, { cause: details.cause });
    this.name = 'GatewayError';
    this.status = status;
    this.errors = details.errors ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.challenge = details.challenge;
  }
}
