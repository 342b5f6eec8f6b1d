import { setMaxListeners } from 'node:events';

/** The deadline of a send passed, or the send was aborted. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(readonly why: 'timeout' | 'aborted') {
    super(why);
  }
}

/** The deadline of a send across all its waits; ends by timeout or by the signal. */
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
    let exceed: (why: 'timeout' | 'aborted') => void = () => undefined;
    this.over = new Promise((_, reject) => {
      exceed = (why) => reject(new DeadlineExceeded(why));
    });
    // It may pass while no wait is pending.
    this.over.catch(() => undefined);
    this.timer = setTimeout(() => exceed('timeout'), timeoutMs).unref();
    this.onAbort = () => exceed('aborted');
    setMaxListeners(0, signal); // sends share a signal
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** @throws DeadlineExceeded if the deadline passes first. */
  wait<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.over]);
  }

  /** Checked right before writing: after a pause of the process, timers run last. @throws DeadlineExceeded */
  assertLeft(): void {
    if (performance.now() >= this.deadline) throw new DeadlineExceeded('timeout');
  }

  end(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.onAbort);
  }
}
