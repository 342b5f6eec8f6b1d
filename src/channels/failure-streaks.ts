/** Accounts whose failures are counted at once, at most; those that failed least recently are forgotten. */
const MOST_ACCOUNTS = 1_000;

interface Streak {
  readonly failures: number;
  /** Those that have nothing to do with an address. */
  readonly ofAccount: number;
  /** Those that failed, up to as many as it takes. */
  readonly addresses: ReadonlySet<string>;
}

/**
 * Counts failures in a row by account, and the different addresses among them: one device or number that cannot be
 * sent to, tried again and again, says nothing of the account.
 */
export class FailureStreaks {
  private readonly streaks = new Map<string, Streak>();

  constructor(
    /** Failures in a row after which an account is at fault. */
    private readonly failures: number,
    /** Different addresses that have to be among them. */
    private readonly addresses: number,
  ) {}

  /**
   * Counts a failure.
   *
   * @param isOfAccount it has nothing to do with the address.
   * @returns whether the account is at fault; then it is counted from the beginning.
   */
  add(account: string, address: string, isOfAccount = false): boolean {
    const before = this.streaks.get(account);
    const addresses = new Set(before?.addresses);
    if (addresses.size < this.addresses) addresses.add(address);
    const failures = (before?.failures ?? 0) + 1;
    const ofAccount = (before?.ofAccount ?? 0) + (isOfAccount ? 1 : 0);
    this.streaks.delete(account);
    const areMany = addresses.size >= this.addresses || ofAccount >= this.failures;
    if (failures >= this.failures && areMany) return true;
    this.streaks.set(account, { failures, ofAccount, addresses });
    const [oldest] = this.streaks.keys();
    if (this.streaks.size > MOST_ACCOUNTS && oldest !== undefined) this.streaks.delete(oldest);
    return false;
  }

  end(account: string): void {
    this.streaks.delete(account);
  }
}
