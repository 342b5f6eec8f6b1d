import { digest } from './digest.js';

/** What a session id may be: short enough for an index, and nothing that PostgreSQL refuses. */
export const SESSION_ID = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** The session that a credential names; where we could not store its name, by the hash of it. */
export function sessionOfCredential(sessionId: string | null): string | null {
  return sessionId === null || SESSION_ID.test(sessionId) ? sessionId : `sid_${hash(sessionId)}`;
}

/** The session of a CometChat auth token, which is itself never stored: one token is one login on one phone. */
export function sessionOfAuthToken(authToken: string): string {
  return `at_${hash(authToken)}`;
}

const hash = (value: string): string => digest(value).toString('base64url');
