interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (result: O) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions {
  /** Maximum items per call. */
  readonly maxItems: number;
  /** Maximum concurrent calls; further items wait for the next one. */
  readonly maxCalls: number;
}

/**
 * Combines single calls into batches: items that arrive during a call form the next one. The batch size follows the
 * load, and an idle process does not wait.
 *
 * @typeParam I an item; @typeParam O its result.
 */
export class Batcher<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private callsUnderWay = 0;
  private scheduled = false;

  /** @param call returns the items' results in the same order; if it throws, every item fails. */
  constructor(
    private readonly call: (items: readonly I[]) => Promise<readonly O[]>,
    private readonly options: BatcherOptions = { maxItems: 250, maxCalls: 2 },
  ) {}

  run(item: I): Promise<O> {
    return new Promise<O>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.waiting.length === 0 || this.callsUnderWay >= this.options.maxCalls) return;
    this.scheduled = true;
    // Includes everything added in this event-loop tick.
    setImmediate(() => {
      this.scheduled = false;
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    const batch = this.waiting.splice(0, this.options.maxItems);
    this.callsUnderWay++;
    this.schedule();
    try {
      const results = await this.call(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        if (index < results.length) resolve(results[index] as O);
        else reject(new Error('The batch returned fewer results than items.'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.callsUnderWay--;
      this.schedule();
    }
  }
}
