/** How long a delivery waits in its worker for a place before it goes back into the queue. */
const PARKED_MS = 100;
/** The time that a delivery is taken to keep its place while none of its account has ended. */
const UNKNOWN_MS = 1_000;
/** The weight of the latest delivery in the average. */
const WEIGHT = 0.1;

interface AccountShare {
  taken: number;
  parked: number;
  /** Moving average of the time that a delivery keeps its place. */
  averageMs: number;
  /** When the delivery that was sent back last is expected to find a place. */
  nextAt: number;
}

interface Parked {
  readonly account: AccountShare;
  readonly begin: () => void;
}

/**
 * Divides the deliveries that a worker has under way among accounts, so that a slow vendor of one app does not slow
 * another app.
 *
 * While there is room, any account may take it. The worker fetches a quarter more jobs than there are places: what
 * finds none waits for a moment and goes back into the queue, unless its account has less than an equal share. Those
 * that go back are sent one after another to the moments at which places of their account should become free, so that
 * most of them go back once.
 */
export class FairShare {
  private readonly accounts = new Map<string, AccountShare>();
  private readonly parked = new Set<Parked>();
  private taken = 0;

  constructor(
    /** Jobs that the worker takes on at once, at present. */
    private readonly jobsAtOnce: () => number,
    /** How long a delivery goes back for, at most, in milliseconds. */
    private readonly maxBackMs: () => number,
    private readonly parkedMs = PARKED_MS,
  ) {}

  /** The jobs that a worker has to take on at once so that one account alone has so many places. */
  static jobsFor(places: number): number {
    return places + Math.ceil(places / 4);
  }

  /**
   * Does the work for a delivery of an account where there is a place for it.
   *
   * @returns 0: it is done; else when the delivery is to come back, in whole milliseconds.
   */
  async run(key: string, work: () => Promise<void>): Promise<number> {
    const account = this.accounts.get(key) ?? { taken: 0, parked: 0, averageMs: UNKNOWN_MS, nextAt: 0 };
    this.accounts.set(key, account);
    if (this.hasPlace(account)) this.take(account);
    else if (!(await this.park(account))) {
      const backInMs = this.backInMs(account);
      this.forget(key, account);
      return backInMs;
    }
    const startedAt = performance.now();
    try {
      await work();
    } finally {
      account.taken -= 1;
      this.taken -= 1;
      account.averageMs += (performance.now() - startedAt - account.averageMs) * WEIGHT;
      this.forget(key, account);
      for (const parked of this.parked) if (this.hasPlace(parked.account)) parked.begin();
    }
    return 0;
  }

  private hasPlace(account: AccountShare): boolean {
    const places = Math.max(1, Math.floor((this.jobsAtOnce() * 4) / 5));
    return this.taken < places || account.taken < Math.max(1, Math.floor(places / this.accounts.size));
  }

  private take(account: AccountShare): void {
    account.taken += 1;
    this.taken += 1;
  }

  /** @returns whether a place became free in time; then it is taken. */
  private park(account: AccountShare): Promise<boolean> {
    account.parked += 1;
    return new Promise((resolve) => {
      const end = (hasPlace: boolean): void => {
        clearTimeout(timer);
        this.parked.delete(parked);
        account.parked -= 1;
        if (hasPlace) this.take(account);
        resolve(hasPlace);
      };
      const parked: Parked = { account, begin: () => end(true) };
      const timer = setTimeout(() => end(false), this.parkedMs);
      this.parked.add(parked);
    });
  }

  private backInMs(account: AccountShare): number {
    const now = performance.now();
    const betweenMs = account.averageMs / Math.max(1, account.taken);
    account.nextAt = Math.min(Math.max(now, account.nextAt) + betweenMs, now + this.maxBackMs());
    return Math.max(1, Math.ceil(account.nextAt - now));
  }

  private forget(key: string, { taken, parked }: AccountShare): void {
    if (taken === 0 && parked === 0) this.accounts.delete(key);
  }
}
