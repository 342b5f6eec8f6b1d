import type { Caller } from './access.js';

/**
 * Whether contents and addresses that others may see are masked for a caller.
 *
 * @param caller null: not authenticated.
 */
export function isViewer(caller: Caller | null): boolean {
  return caller?.kind === 'operator' && caller.role === 'viewer';
}
