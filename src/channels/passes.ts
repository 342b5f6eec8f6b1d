import type { Account } from '../deliveries/provider-states.js';

/** Rings that go through one open account at once, at most. */
const MOST_RINGS = 4;

/** How a delivery goes through an account that is held: it probes for all, or it rings and cannot wait. */
export type As = 'probing' | 'passing';

interface Pass {
  readonly account: Account;
  readonly key: string;
  readonly as: As;
}

/** Which deliveries go through accounts that are held. */
export class Passes {
  private readonly passes = new Map<string, Map<string, Pass>>();
  /** Rings that went through each open account since it was opened. */
  private readonly rings = new Map<string, Set<string>>();
  private readonly ringing = new Map<string, number>();

  /** A ring passes a pause; an open account once an interval, beside few others. */
  mayPass(key: string, state: 'open' | 'paused', deliveryId: string): boolean {
    if (state === 'paused') return true;
    return !this.rings.get(key)?.has(deliveryId) && (this.ringing.get(key) ?? 0) < MOST_RINGS;
  }

  give(deliveryId: string, account: Account, key: string, as: As): void {
    const passes = this.passes.get(deliveryId) ?? new Map<string, Pass>();
    this.passes.set(deliveryId, passes.set(key, { account, key, as }));
    if (as === 'probing') return;
    this.ringing.set(key, (this.ringing.get(key) ?? 0) + 1);
    this.rings.set(key, (this.rings.get(key) ?? new Set()).add(deliveryId));
  }

  of(deliveryId: string, key: string): As | undefined {
    return this.passes.get(deliveryId)?.get(key)?.as;
  }

  /** The probe has decided: nothing is left to give back. */
  spend(deliveryId: string, key: string): void {
    const pass = this.passes.get(deliveryId)?.get(key);
    if (pass?.as === 'probing') this.passes.get(deliveryId)?.delete(key);
  }

  /** Ends all passes of a delivery. */
  take(deliveryId: string): Pass[] {
    const taken = [...(this.passes.get(deliveryId)?.values() ?? [])];
    this.passes.delete(deliveryId);
    for (const { key } of taken.filter(({ as }) => as === 'passing')) {
      const left = (this.ringing.get(key) ?? 1) - 1;
      if (left > 0) this.ringing.set(key, left);
      else this.ringing.delete(key);
    }
    return taken;
  }

  /** The account is opened anew, or held no more: each ring may pass once again. */
  startOver(key: string): void {
    this.rings.delete(key);
  }
}
