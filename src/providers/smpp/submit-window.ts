/** A FIFO semaphore for unanswered requests. */
export class SubmitWindow {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** @returns a function that releases the place. */
  async enter(): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return () => this.leave();
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
