/** How long a delivery waits in its worker for capacity before it is requeued. */
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
  /** When the most recently requeued delivery is expected to find capacity. */
  nextAt: number;
}

interface Parked {
  readonly account: AccountShare;
  readonly begin: () => void;
}

/**
 * Divides the capacity of a worker among accounts, so that a slow vendor of one app does not slow another app.
 *
 * Any account may use free capacity. The worker fetches a quarter more jobs than it runs. A surplus job starts if its
 * account has less than an equal share; otherwise it is parked briefly and then requeued. Requeued jobs are spread over
 * the moments at which their account should have capacity again, so that most of them are requeued only once.
 */
export class FairShare {
  private readonly accounts = new Map<string, AccountShare>();
  private readonly parked = new Set<Parked>();
  private taken = 0;

  constructor(
    /** The current concurrency of the worker. */
    private readonly concurrency: () => number,
    /** Maximum delay of a requeued delivery. */
    private readonly maxRequeueMs: () => number,
    private readonly parkedMs = PARKED_MS,
  ) {}

  /** The concurrency that a worker needs so that a single account can run `capacity` deliveries. */
  static jobsFor(capacity: number): number {
    return capacity + Math.ceil(capacity / 4);
  }

  /**
   * Does the work of a delivery if its account has capacity.
   *
   * @returns 0 once it is done, otherwise the delay before the delivery is retried, in whole milliseconds.
   */
  async run(key: string, work: () => Promise<void>): Promise<number> {
    const account = this.accounts.get(key) ?? {
      taken: 0,
      parked: 0,
      averageMs: INITIAL_AVERAGE_MS,
      nextAt: 0,
    };
    this.accounts.set(key, account);
    if (this.hasCapacity(account)) this.take(account);
    else if (!(await this.park(account))) {
      const requeueInMs = this.requeueInMs(account);
      this.forget(key, account);
      return requeueInMs;
    }
    const startedAt = performance.now();
    try {
      await work();
    } finally {
      account.taken -= 1;
      this.taken -= 1;
      account.averageMs += (performance.now() - startedAt - account.averageMs) * WEIGHT;
      this.forget(key, account);
      for (const parked of this.parked) if (this.hasCapacity(parked.account)) parked.begin();
    }
    return 0;
  }

  private hasCapacity(account: AccountShare): boolean {
    const capacity = Math.max(1, Math.floor((this.concurrency() * 4) / 5));
    return this.taken < capacity || account.taken < Math.max(1, Math.floor(capacity / this.accounts.size));
  }

  private take(account: AccountShare): void {
    account.taken += 1;
    this.taken += 1;
  }

  /** @returns whether capacity became free in time; if so, it is taken. */
  private park(account: AccountShare): Promise<boolean> {
    account.parked += 1;
    return new Promise((resolve) => {
      const end = (hasCapacity: boolean): void => {
        clearTimeout(timer);
        this.parked.delete(parked);
        account.parked -= 1;
        if (hasCapacity) this.take(account);
        resolve(hasCapacity);
      };
      const parked: Parked = { account, begin: () => end(true) };
      const timer = setTimeout(() => end(false), this.parkedMs);
      this.parked.add(parked);
    });
  }

  private requeueInMs(account: AccountShare): number {
    const now = performance.now();
    const betweenMs = account.averageMs / Math.max(1, account.taken);
    account.nextAt = Math.min(Math.max(now, account.nextAt) + betweenMs, now + this.maxRequeueMs());
    return Math.max(1, Math.ceil(account.nextAt - now));
  }

  private forget(key: string, { taken, parked }: AccountShare): void {
    if (taken === 0 && parked === 0) this.accounts.delete(key);
  }
}
