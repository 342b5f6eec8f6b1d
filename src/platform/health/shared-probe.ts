/** How long an answer stands, in ms: however many ask within it, the thing is asked once. */
const STANDS_FOR_MS = 1_000;

/** One question to a store, shared by everybody who asks at the same time or shortly after. */
export class SharedProbe<T> {
  private answer: Promise<T> | undefined;
  private askAgainAt = 0;

  /** @param ask must settle in time by itself, and never reject. */
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
