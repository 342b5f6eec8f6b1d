import { ERRORS, type ErrorCode } from './error-table.js';

/** One problem of an input and its path, never the value. */
export interface Fault {
  readonly path: string;
  readonly problem: string;
}

export interface GatewayErrorDetails {
  readonly errors?: readonly Fault[];
  /** Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Authentication scheme, sent as `WWW-Authenticate`. */
  readonly challenge?: string;
  readonly cause?: unknown;
}

/** An API error: its code determines the HTTP status and the message. */
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
