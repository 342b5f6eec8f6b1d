/** Time in ms between the returns of two deliveries: a worker requeues one in less than a millisecond. */
const GAP_MS = 3;
/** Maximum time in ms over which the deliveries of an account return. */
const MAX_STAGGER_MS = 10_000;
const MAX_STAGGER_FOR_CALLS_MS = 1_000;

/**
 * Delays of deliveries that wait for the same moment, for example for the next probe of an account.
 *
 * They return one after the other: thousands at once would occupy the worker, and delay the deliveries of other accounts.
 */
export class StaggeredWaits {
  /** Deliveries told to wait by account key. */
  private readonly waiting = new Map<string, number>();

  /**
   * @param leftMs time in ms until the moment.
   * @param isUrgent for a ring, which returns within a second of the moment.
   * @returns the delay in whole milliseconds; 0 if the moment has come.
   */
  add(key: string, leftMs: number, isUrgent: boolean): number {
    if (leftMs <= 0) return 0;
    const earlier = this.waiting.get(key) ?? 0;
    this.waiting.set(key, earlier + 1);
    const withinMs = isUrgent ? MAX_STAGGER_FOR_CALLS_MS : MAX_STAGGER_MS;
    return Math.ceil(leftMs + ((earlier * GAP_MS) % withinMs));
  }

  /** The account has another moment to wait for, or none. */
  startOver(key: string): void {
    this.waiting.delete(key);
  }
}
