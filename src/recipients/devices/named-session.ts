import { sessionOfAuthToken } from '../../platform/auth/session-id.js';
import type { ErrorCode } from '../../platform/errors/error-table.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';

export interface NamedSession {
  /** A CometChat auth token, which is never stored. */
  readonly authToken?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
}

/**
 * The session that a backend names, if any.
 *
 * @throws GatewayError with `code` if it names two.
 */
export function sessionNamedBy({ authToken, sessionId }: NamedSession, code: ErrorCode): string | undefined {
  const byToken = authToken ?? undefined;
  const byId = sessionId ?? undefined;
  if (byToken !== undefined && byId !== undefined) {
    throw new GatewayError(code, {
      errors: [{ path: 'sessionId', problem: 'is given beside authToken: choose one' }],
    });
  }
  return byToken === undefined ? byId : sessionOfAuthToken(byToken);
}
