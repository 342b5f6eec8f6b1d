import { digest } from './digest.js';

/** Valid session ids: short enough for an index, and accepted by PostgreSQL. */
export const SESSION_ID = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** The session named by a credential; hashed if the name cannot be stored. */
export function sessionOfCredential(sessionId: string | null): string | null {
  return sessionId === null || SESSION_ID.test(sessionId) ? sessionId : `sid_${hash(sessionId)}`;
}

/** The session of a CometChat auth token. A token is one login on one phone and is never stored. */
export function sessionOfAuthToken(authToken: string): string {
  return `at_${hash(authToken)}`;
}

const hash = (value: string): string => digest(value).toString('base64url');
