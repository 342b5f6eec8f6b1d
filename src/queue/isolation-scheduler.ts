/** How dangerous a piece of work is to its process: 0 not at all, as far as anybody knows. */
export type RiskLevel = 0 | 1 | 2 | 3;

/** How many pieces of work of danger 1 run at once; of danger 2 one, beside harmless work; of danger 3 it alone. */
const FEW = 20;

interface Waiter {
  readonly risk: RiskLevel;
  readonly start: () => void;
  readonly cancel: (why: Error) => void;
}

/**
 * Decides what runs beside what in this process, so that a piece of work that ends the process can be told from those
 * that were there by chance. Dangerous work takes its turns in the order in which it came.
 */
export class IsolationScheduler {
  /** How much runs, by danger. */
  private readonly running: [number, number, number, number] = [0, 0, 0, 0];
  private readonly risky: Waiter[] = [];
  private harmless: Waiter[] = [];
  private stopped: Error | undefined;

  /** Runs the work when it is its turn. @throws what the work throws, or `stop`'s reason where it never began. */
  async run<T>(risk: RiskLevel, work: () => Promise<T>): Promise<T> {
    if (this.stopped && risk > 0) throw this.stopped;
    if (this.mayStart(risk) && (risk === 0 || this.risky.length === 0)) this.running[risk] += 1;
    else await this.wait(risk);
    try {
      return await work();
    } finally {
      this.running[risk] -= 1;
      this.startNext();
    }
  }

  /** Gives up on all that waits, and on dangerous work from now on. */
  stop(why: Error): void {
    this.stopped = why;
    for (const waiter of [...this.risky.splice(0), ...this.harmless.splice(0)]) waiter.cancel(why);
  }

  private wait(risk: RiskLevel): Promise<void> {
    return new Promise((start, cancel) => {
      (risk === 0 ? this.harmless : this.risky).push({ risk, start, cancel });
    });
  }

  private mayStart(risk: RiskLevel): boolean {
    const [harmless, few, single, alone] = this.running;
    if (alone > 0) return false;
    if (risk === 3) return harmless + few + single === 0;
    // Harmless work would never end for one that waits to be alone.
    if (risk === 0) return this.risky[0]?.risk !== 3;
    return single === 0 && (risk === 1 ? few < FEW : few === 0);
  }

  private startNext(): void {
    for (let first = this.risky[0]; first && this.mayStart(first.risk); first = this.risky[0]) {
      this.risky.shift();
      this.start(first);
    }
    if (this.harmless.length === 0 || !this.mayStart(0)) return;
    for (const waiter of this.harmless.splice(0)) this.start(waiter);
  }

  private start({ risk, start }: Waiter): void {
    this.running[risk] += 1;
    start();
  }
}
