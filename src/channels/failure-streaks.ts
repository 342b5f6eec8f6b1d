/** Maximum number of accounts counted; the ones that failed least recently are evicted. */
const MAX_ACCOUNTS = 1_000;

interface Streak {
  readonly failures: number;
  /** Failures that do not depend on an address. */
  readonly ofAccount: number;
  /** Failed addresses, up to the required number. */
  readonly addresses: ReadonlySet<string>;
}

/**
 * Counts consecutive failures by account, and the different addresses among them: retries to one unreachable device or
 * number do not show a fault of the account.
 */
export class FailureStreaks {
  private readonly streaks = new Map<string, Streak>();

  constructor(
    /** Consecutive failures after which an account is at fault. */
    private readonly failures: number,
    /** Minimum number of different addresses among them. */
    private readonly addresses: number,
  ) {}

  /**
   * @param isOfAccount the failure does not depend on the address.
   * @returns whether the account is at fault; if so, its count restarts.
   */
  add(account: string, address: string, isOfAccount = false): boolean {
    const before = this.streaks.get(account);
    const addresses = new Set(before?.addresses);
    if (addresses.size < this.addresses) addresses.add(address);
    const failures = (before?.failures ?? 0) + 1;
    const ofAccount = (before?.ofAccount ?? 0) + (isOfAccount ? 1 : 0);
    this.streaks.delete(account);
    const isWidespread = addresses.size >= this.addresses || ofAccount >= this.failures;
    if (failures >= this.failures && isWidespread) return true;
    this.streaks.set(account, { failures, ofAccount, addresses });
    const [oldest] = this.streaks.keys();
    if (this.streaks.size > MAX_ACCOUNTS && oldest !== undefined) this.streaks.delete(oldest);
    return false;
  }

  end(account: string): void {
    this.streaks.delete(account);
  }
}
