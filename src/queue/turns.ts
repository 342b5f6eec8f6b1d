/** How dangerous a piece of work is to its process: 0 not at all, as far as anybody knows. */
export type Danger = 0 | 1 | 2 | 3;

/** How many pieces of work of danger 1 run at once; of danger 2 one, beside harmless work; of danger 3 it alone. */
const FEW = 20;

interface Waiter {
  readonly danger: Danger;
  readonly start: () => void;
  readonly giveUp: (why: Error) => void;
}

/**
 * Decides what runs beside what in this process, so that a piece of work that ends the process can be told from those
 * that were there by chance. Dangerous work takes its turns in the order in which it came.
 */
export class Turns {
  /** How much runs, by danger. */
  private readonly running: [number, number, number, number] = [0, 0, 0, 0];
  private readonly dangerous: Waiter[] = [];
  private harmless: Waiter[] = [];
  private stopped: Error | undefined;

  /** Runs the work when it is its turn. @throws what the work throws, or `stop`'s reason where it never began. */
  async run<T>(danger: Danger, work: () => Promise<T>): Promise<T> {
    if (this.stopped && danger > 0) throw this.stopped;
    if (this.mayStart(danger) && (danger === 0 || this.dangerous.length === 0)) this.running[danger] += 1;
    else await this.wait(danger);
    try {
      return await work();
    } finally {
      this.running[danger] -= 1;
      this.startNext();
    }
  }

  /** Gives up on all that waits, and on dangerous work from now on. */
  stop(why: Error): void {
    this.stopped = why;
    for (const waiter of [...this.dangerous.splice(0), ...this.harmless.splice(0)]) waiter.giveUp(why);
  }

  private wait(danger: Danger): Promise<void> {
    return new Promise((start, giveUp) => {
      (danger === 0 ? this.harmless : this.dangerous).push({ danger, start, giveUp });
    });
  }

  private mayStart(danger: Danger): boolean {
    const [harmless, few, single, alone] = this.running;
    if (alone > 0) return false;
    if (danger === 3) return harmless + few + single === 0;
    // Harmless work would never end for one that waits to be alone.
    if (danger === 0) return this.dangerous[0]?.danger !== 3;
    return single === 0 && (danger === 1 ? few < FEW : few === 0);
  }

  private startNext(): void {
    for (let first = this.dangerous[0]; first && this.mayStart(first.danger); first = this.dangerous[0]) {
      this.dangerous.shift();
      this.start(first);
    }
    if (this.harmless.length === 0 || !this.mayStart(0)) return;
    for (const waiter of this.harmless.splice(0)) this.start(waiter);
  }

  private start({ danger, start }: Waiter): void {
    this.running[danger] += 1;
    start();
  }
}
