/** The next step of a delivery after an attempt, or after the wish to make one. */
export type Next = { readonly state: 'ended' } | Again | Later;

/** Another attempt may start now. */
interface Again {
  readonly state: 'again';
}

/** Another attempt may start in so many milliseconds. */
export interface Later {
  readonly state: 'later';
  readonly inMs: number;
  readonly why: string;
}

export const ENDED: Next = { state: 'ended' };
export const AGAIN: Next = { state: 'again' };

/** @param expiresAt no wait is longer than the life of the delivery, at whose end it is settled. */
export function later(inMs: number, why: string, expiresAt = Infinity): Later {
  return { state: 'later', inMs: Math.min(inMs, Math.max(1, expiresAt - Date.now())), why };
}
