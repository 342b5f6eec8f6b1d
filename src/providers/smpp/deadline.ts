import { setMaxListeners } from 'node:events';

/** Nobody waits for it any longer. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(readonly why: 'timeout' | 'aborted') {
    super(why);
  }
}

/** How long one send may take, whatever it waits for: until its time is over, or its signal ends it. */
export class Deadline {
  private readonly over: Promise<never>;
  private readonly deadline: number;
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort: () => void;

  constructor(
    private readonly signal: AbortSignal,
    timeoutMs: number,
  ) {
    this.deadline = performance.now() + timeoutMs;
    let giveUp: (why: 'timeout' | 'aborted') => void = () => undefined;
    this.over = new Promise((_, reject) => {
      giveUp = (why) => reject(new DeadlineExceeded(why));
    });
    // It may run out while nothing is waited for.
    this.over.catch(() => undefined);
    this.timer = setTimeout(() => giveUp('timeout'), timeoutMs).unref();
    this.onAbort = () => giveUp('aborted');
    setMaxListeners(0, signal); // many sends may share one
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** @throws DeadlineExceeded where it is over before. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.over]);
  }

  /** Asked right before something is written: a process that was paused hears its timers last. @throws DeadlineExceeded */
  assertLeft(): void {
    if (performance.now() >= this.deadline) throw new DeadlineExceeded('timeout');
  }

  end(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.onAbort);
  }
}
