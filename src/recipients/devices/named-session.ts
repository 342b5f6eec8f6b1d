import { sessionOfAuthToken } from '../../platform/auth/session-id.js';
import type { ErrorCode } from '../../platform/errors/error-table.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';

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
  return byToken === undefined ? byId : sessionOfAuthToken(byToken);
}
