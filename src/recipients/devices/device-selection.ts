import { GatewayError } from '../../platform/errors/gateway-error.js';
import { sessionNamedBy, type NamedSession } from './named-session.js';

/** Selects devices of a user. */
export type DeviceSelection =
  | { readonly by: 'user' }
  /** Null: devices registered outside any session. */
  | { readonly by: 'session'; readonly sessionId: string | null }
  /** The hex of an APNs token may be in either case. */
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'id'; readonly deviceId: string };

interface SelectionQuery extends NamedSession {
  readonly all?: 'true' | 'false' | undefined;
  readonly pushToken?: string | undefined;
}

/**
 * Reads a selection from a query.
 *
 * @param ownSession default session; undefined if there is none.
 * @throws GatewayError `REQUEST.INVALID_QUERY` if the query names two things, `DEVICE.SESSION_REQUIRED` if it names
 *   nothing and there is no default.
 */
export function readSelection(query: SelectionQuery, ownSession?: string | null): DeviceSelection {
  const session = sessionNamedBy(query, 'REQUEST.INVALID_QUERY');
  const named: DeviceSelection[] = [
    ...(query.all === 'true' ? [{ by: 'user' } as const] : []),
    ...(query.pushToken === undefined ? [] : [{ by: 'token', token: query.pushToken } as const]),
    ...(session === undefined ? [] : [{ by: 'session', sessionId: session } as const]),
  ];
  const [only, ...others] = named;
  if (others.length > 0) {
    const problem = 'names several of all, pushToken, authToken and sessionId: choose one';
    throw new GatewayError('REQUEST.INVALID_QUERY', { errors: [{ path: '', problem }] });
  }
  if (only) return only;
  if (ownSession === undefined) throw new GatewayError('DEVICE.SESSION_REQUIRED');
  return { by: 'session', sessionId: ownSession };
}
