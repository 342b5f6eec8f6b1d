/** Lifetime of an answer in ms; all calls within it share one query. */
const STANDS_FOR_MS = 1_000;

/** Shares one query to a store between concurrent and subsequent callers. */
export class SharedProbe<T> {
  private answer: Promise<T> | undefined;
  private askAgainAt = 0;

  /** @param ask must have its own timeout and never reject. */
  constructor(
    private readonly ask: () => Promise<T>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(): Promise<T> {
    if (this.answer === undefined || this.now() >= this.askAgainAt) {
      this.askAgainAt = Infinity;
      this.answer = this.ask().finally(() => (this.askAgainAt = this.now() + STANDS_FOR_MS));
    }
    return this.answer;
  }
}
