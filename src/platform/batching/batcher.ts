interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (result: O) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions {
  /** Items that one call takes at most. */
  readonly maxItems: number;
  /** Calls under way at once; while all are, items gather for the next. */
  readonly maxCalls: number;
}

/**
 * Turns many single calls into few calls for many: while one is under way, items gather for the next, so that a
 * batch is as large as the load makes it and an idle process waits for nothing.
 *
 * @typeParam I an item; @typeParam O its result.
 */
export class Batcher<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private callsUnderWay = 0;
  private scheduled = false;

  /** @param call takes the items and returns their results in the same order; if it throws, every item fails. */
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
    // Everything that becomes ready in this turn of the event loop goes along.
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
        else reject(new Error('The batch returned fewer results than it was given items.'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.callsUnderWay--;
      this.schedule();
    }
  }
}
