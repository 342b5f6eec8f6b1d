import { hash, randomBytes, scryptSync } from 'node:crypto';
import { basic } from './gateway.js';

/** As `docs/access.md` describes, but cheap. */
export function scryptHash(password: string): string {
  const salt = randomBytes(16);
  const derived = scryptSync(password, salt, 32, { cost: 1_024, blockSize: 8, parallelization: 1 });
  return `scrypt:1024:8:1:${salt.toString('base64')}:${derived.toString('base64')}`;
}

export const sha256Hash = (value: string): string => `sha256:${hash('sha256', value)}`;

/** Logins of `admin.users` in tests. */
export const VIEWER = { username: 'vera', password: 'looks-at-everything' } as const;
export const OPERATOR = { username: 'otto', password: 'operates:everything' } as const;
export const USERS = [
  { username: VIEWER.username, password: scryptHash(VIEWER.password) },
  { username: OPERATOR.username, password: sha256Hash(OPERATOR.password), role: 'operator' },
];
export const VIEWER_AUTH = basic(VIEWER.username, VIEWER.password);
export const OTTO_AUTH = basic(OPERATOR.username, OPERATOR.password);
