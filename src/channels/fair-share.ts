/** How long a delivery waits in its worker for capacity. */
const PARKED_MS = 100;
/** Assumed duration of a delivery until the first one of its account ends. */
const INITIAL_AVERAGE_MS = 1_000;
/** Weight of the latest delivery in the moving average. */
const WEIGHT = 0.1;

interface AccountShare {
  /** Deliveries in progress. */
  taken: number;
  parked: number;
  /** Moving average of the duration of a delivery. */
  averageMs: number;
  /** When a delivery last ended, or the first one began. */
  endedAt: number;
  /** When the most recently requeued delivery is expected to find capacity. */
  nextAt: number;
}

interface Parked {
  readonly account: AccountShare;
  readonly begin: () => void;
}

/** Capacity that a delivery has taken, or the delay after which it may find some, in whole milliseconds. */
export type Place = { /** Frees it, once. */ readonly end: () => void } | { readonly requeueInMs: number };

/**
 * Divides the capacity of a worker among accounts, so that a slow vendor of one app does not slow another app.
 *
 * Any account may use free capacity. The worker fetches a quarter more jobs than it runs. A surplus delivery starts if its
 * account has less than an equal share; otherwise it is parked briefly, if its account is about to have capacity again,
 * and then requeued. Requeued deliveries are spread over the moments at which their account should have capacity again,
 * so that most of them are requeued only once.
 */
export class FairShare {
  private readonly accounts = new Map<string, AccountShare>();
  private readonly parked = new Set<Parked>();
  private taken = 0;

  constructor(
    /** The current concurrency of the worker. */
    private readonly concurrency: () => number,
    /** Maximum delay of a requeued delivery. */
    private readonly maxRequeueMs: number,
    private readonly parkedMs = PARKED_MS,
  ) {}

  /** The concurrency that a worker needs so that a single account can run `capacity` deliveries. */
  static jobsFor(capacity: number): number {
    return capacity + Math.ceil(capacity / 4);
  }

  /** Takes capacity for a delivery; the caller must `end` it. */
  async take(key: string): Promise<Place> {
    const account = this.accounts.get(key) ?? newAccount();
    this.accounts.set(key, account);
    if (this.hasCapacity(account)) this.begin(account);
    else if (!this.isAboutToEnd(account) || !(await this.park(account))) {
      const requeueInMs = this.requeueInMs(account);
      this.forget(key, account);
      return { requeueInMs };
    }
    const startedAt = performance.now();
    let hasEnded = false;
    return {
      end: () => {
        if (!hasEnded) this.end(key, account, startedAt);
        hasEnded = true;
      },
    };
  }

  private begin(account: AccountShare): void {
    account.taken += 1;
    this.taken += 1;
  }

  private end(key: string, account: AccountShare, startedAt: number): void {
    account.taken -= 1;
    this.taken -= 1;
    account.endedAt = performance.now();
    account.averageMs += (account.endedAt - startedAt - account.averageMs) * WEIGHT;
    this.forget(key, account);
    for (const parked of this.parked) if (this.hasCapacity(parked.account)) parked.begin();
  }

  private hasCapacity(account: AccountShare): boolean {
    const capacity = Math.max(1, Math.floor((this.concurrency() * 4) / 5));
    return this.taken < capacity || account.taken < Math.max(1, Math.floor(capacity / this.accounts.size));
  }

  /** Not while the vendor of the account hangs: parked deliveries occupy jobs of the worker. */
  private isAboutToEnd({ taken, parked, averageMs, endedAt }: AccountShare): boolean {
    const expectedMs = (averageMs / Math.max(1, taken)) * (parked + 1);
    return Math.max(expectedMs, performance.now() - endedAt) <= this.parkedMs;
  }

  /** @returns whether capacity became free in time; if so, it is taken. */
  private park(account: AccountShare): Promise<boolean> {
    account.parked += 1;
    return new Promise((resolve) => {
      const end = (hasCapacity: boolean): void => {
        clearTimeout(timer);
        this.parked.delete(parked);
        account.parked -= 1;
        if (hasCapacity) this.begin(account);
        resolve(hasCapacity);
      };
      const parked: Parked = { account, begin: () => end(true) };
      const timer = setTimeout(() => end(false), this.parkedMs);
      this.parked.add(parked);
    });
  }

  private requeueInMs(account: AccountShare): number {
    const now = performance.now();
    // While the vendor hangs, the average is that of before: wait as long as nothing has ended.
    const silentMs = now - account.endedAt;
    const betweenMs = Math.max(account.averageMs, silentMs) / Math.max(1, account.taken);
    account.nextAt = Math.min(Math.max(now + silentMs, account.nextAt) + betweenMs, now + this.maxRequeueMs);
    return Math.max(1, Math.ceil(account.nextAt - now));
  }

  private forget(key: string, { taken, parked }: AccountShare): void {
    if (taken === 0 && parked === 0) this.accounts.delete(key);
  }
}

const newAccount = (): AccountShare => ({
  taken: 0,
  parked: 0,
  averageMs: INITIAL_AVERAGE_MS,
  endedAt: performance.now(),
  nextAt: 0,
});
