/** Suspected risk that a job crashes its process; 0: none. */
export type RiskLevel = 0 | 1 | 2 | 3;

/** Maximum concurrent jobs of risk level 1. Level 2 runs one job beside level 0; level 3 runs one job alone. */
const MAX_LEVEL_1 = 20;

interface Waiter {
  readonly risk: RiskLevel;
  readonly start: () => void;
  readonly cancel: (why: Error) => void;
}

/**
 * Decides which jobs run concurrently in this process, so that a job that crashes it can be told from bystanders. Jobs
 * with a risk level above 0 run in order of arrival.
 */
export class IsolationScheduler {
  /** Running jobs by risk level. */
  private readonly running: [number, number, number, number] = [0, 0, 0, 0];
  private readonly risky: Waiter[] = [];
  private harmless: Waiter[] = [];
  private stopped: Error | undefined;

  /** Runs the work as soon as its risk level permits. @throws the work's error, or `stop`'s if it never began. */
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

  /** Cancels all waiting work, and later work with a risk level above 0. */
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
    // Otherwise a job that waits to run alone would starve.
    if (risk === 0) return this.risky[0]?.risk !== 3;
    return single === 0 && (risk === 1 ? few < MAX_LEVEL_1 : few === 0);
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
