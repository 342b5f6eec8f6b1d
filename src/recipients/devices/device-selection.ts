import { GatewayError } from '../../platform/errors/gateway-error.js';
import { sessionNamedBy, type NamedSession } from './named-session.js';

/** Which of a person's devices are meant. */
export type DeviceSelection =
  | { readonly by: 'person' }
  /** Null: those that were registered outside any session. */
  | { readonly by: 'session'; readonly sessionId: string | null }
  /** However the hex of an APNs token is written. */
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'id'; readonly deviceId: string };

interface SelectionQuery extends NamedSession {
  readonly all?: 'true' | 'false' | undefined;
  readonly pushToken?: string | undefined;
}

/**
 * Reads which devices a query means.
 *
 * @param ownSession the session that is meant where the query names nothing; undefined: there is none.
 * @throws GatewayError `REQUEST.INVALID_QUERY` where it names two things, `DEVICE.SESSION_REQUIRED` where it names
 *   nothing and nothing is meant.
 */
export function readSelection(query: SelectionQuery, ownSession?: string | null): DeviceSelection {
  const session = sessionNamedBy(query, 'REQUEST.INVALID_QUERY');
  const named: DeviceSelection[] = [
    ...(query.all === 'true' ? [{ by: 'person' } as const] : []),
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
