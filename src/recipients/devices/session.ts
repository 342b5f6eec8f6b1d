import { digest } from '../../platform/auth/digest.js';
import type { ErrorCode } from '../../platform/errors/error-table.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';

/** What a session id may be: short enough for an index, and nothing that PostgreSQL refuses. */
export const SESSION_ID = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** The session that a credential names; where we could not store its name, by the hash of it. */
export function sessionOfCredential(sessionId: string | null): string | null {
  return sessionId === null || SESSION_ID.test(sessionId) ? sessionId : `sid_${hash(sessionId)}`;
}

export interface NamedSession {
  /** A CometChat auth token, which is itself never stored. */
  readonly authToken?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
}

/**
 * The session that a backend speaks of, if it names one.
 *
 * @throws GatewayError with `code` where it names two.
 */
export function sessionNamedBy({ authToken, sessionId }: NamedSession, code: ErrorCode): string | undefined {
  const byToken = authToken ?? undefined;
  const byId = sessionId ?? undefined;
  if (byToken !== undefined && byId !== undefined) {
    throw new GatewayError(code, {
      errors: [{ path: 'sessionId', problem: 'is given beside authToken: choose one' }],
    });
  }
  return byToken === undefined ? byId : `at_${hash(byToken)}`;
}

const hash = (value: string): string => digest(value).toString('base64url');
