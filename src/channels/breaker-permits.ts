import type { ProviderAccount } from '../deliveries/provider-state.repository.js';

/** Rings that go through one open account at once, at most. */
const MOST_RINGS = 4;

/** How a delivery goes through an account that is held: it probes for all, or it rings and cannot wait. */
export type PermitKind = 'probing' | 'passing';

interface Permit {
  readonly account: ProviderAccount;
  readonly key: string;
  readonly as: PermitKind;
}

/** Which deliveries go through accounts that are held. */
export class BreakerPermits {
  private readonly permits = new Map<string, Map<string, Permit>>();
  /** Rings that went through each open account since it was opened. */
  private readonly rings = new Map<string, Set<string>>();
  private readonly ringing = new Map<string, number>();

  /** A ring passes a pause; an open account once an interval, beside few others. */
  mayBypass(key: string, state: 'open' | 'paused', deliveryId: string): boolean {
    if (state === 'paused') return true;
    return !this.rings.get(key)?.has(deliveryId) && (this.ringing.get(key) ?? 0) < MOST_RINGS;
  }

  give(deliveryId: string, account: ProviderAccount, key: string, as: PermitKind): void {
    const permits = this.permits.get(deliveryId) ?? new Map<string, Permit>();
    this.permits.set(deliveryId, permits.set(key, { account, key, as }));
    if (as === 'probing') return;
    this.ringing.set(key, (this.ringing.get(key) ?? 0) + 1);
    this.rings.set(key, (this.rings.get(key) ?? new Set()).add(deliveryId));
  }

  of(deliveryId: string, key: string): PermitKind | undefined {
    return this.permits.get(deliveryId)?.get(key)?.as;
  }

  /** The probe has decided: nothing is left to give back. */
  spend(deliveryId: string, key: string): void {
    const pass = this.permits.get(deliveryId)?.get(key);
    if (pass?.as === 'probing') this.permits.get(deliveryId)?.delete(key);
  }

  /** Ends all passes of a delivery. */
  take(deliveryId: string): Permit[] {
    const taken = [...(this.permits.get(deliveryId)?.values() ?? [])];
    this.permits.delete(deliveryId);
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
