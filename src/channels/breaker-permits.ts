import type { ProviderAccount } from '../deliveries/provider-state.repository.js';

/** Maximum number of concurrent rings through an open account. */
const MAX_RINGS = 4;

/** `probing`: the single probe of an account; `bypassing`: a ring, which cannot wait. */
export type PermitKind = 'probing' | 'bypassing';

interface Permit {
  readonly account: ProviderAccount;
  readonly key: string;
  readonly as: PermitKind;
}

/** The deliveries that may use an open or paused account. */
export class BreakerPermits {
  private readonly permits = new Map<string, Map<string, Permit>>();
  /** Rings that have used each open account since it opened, by account key. */
  private readonly rings = new Map<string, Set<string>>();
  /** Concurrent rings by account key. */
  private readonly ringing = new Map<string, number>();

  /** A ring bypasses any pause, and an open account once per open interval if few others do. */
  mayBypass(key: string, state: 'open' | 'paused', deliveryId: string): boolean {
    if (state === 'paused') return true;
    return !this.rings.get(key)?.has(deliveryId) && (this.ringing.get(key) ?? 0) < MAX_RINGS;
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

  /** The probe has a result, so its permit need not be returned. */
  spend(deliveryId: string, key: string): void {
    const permit = this.permits.get(deliveryId)?.get(key);
    if (permit?.as === 'probing') this.permits.get(deliveryId)?.delete(key);
  }

  /** Ends all permits of a delivery. */
  take(deliveryId: string): Permit[] {
    const taken = [...(this.permits.get(deliveryId)?.values() ?? [])];
    this.permits.delete(deliveryId);
    for (const { key } of taken.filter(({ as }) => as === 'bypassing')) {
      const left = (this.ringing.get(key) ?? 1) - 1;
      if (left > 0) this.ringing.set(key, left);
      else this.ringing.delete(key);
    }
    return taken;
  }

  /** The account opened again or closed: each ring may bypass it once more. */
  startOver(key: string): void {
    this.rings.delete(key);
  }
}
