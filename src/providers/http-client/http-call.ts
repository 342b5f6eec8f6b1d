import { setMaxListeners } from 'node:events';
import { HttpAborted, HttpFault, type HttpRequest, type HttpResponse } from './http-client.js';

/** A pending request until its response, whichever connection carries it. */
export class HttpCall {
  readonly answer: Promise<HttpResponse>;
  /** Written to a connection: the vendor may have received it. */
  written = false;
  /** How often a vendor returned it unprocessed. */
  returns = 0;
  settled = false;
  /** Set by the current holder; removes the call from a queue or resets its stream. */
  release: ((code: 'timeout' | 'aborted') => void) | undefined;

  private readonly deadline: number;
  private readonly timer: NodeJS.Timeout;
  private settleWith: { resolve: (answer: HttpResponse) => void; reject: (error: Error) => void };
  private readonly onAbort = (): void => this.exceedDeadline('aborted');

  constructor(
    readonly request: HttpRequest,
    private readonly onSettled: () => void,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.settleWith = { resolve, reject };
    });
    this.deadline = performance.now() + request.timeoutMs;
    this.timer = setTimeout(() => this.exceedDeadline('timeout'), request.timeoutMs).unref();
    const { signal } = request;
    if (!signal) return;
    if (signal.aborted) this.exceedDeadline('aborted');
    else {
      setMaxListeners(0, signal); // calls share a signal
      signal.addEventListener('abort', this.onAbort, { once: true });
    }
  }

  /**
   * Checked right before writing. After a pause of the process, I/O events precede expired timers, and the call may
   * have been repeated elsewhere.
   */
  isOver(): boolean {
    if (performance.now() >= this.deadline) this.exceedDeadline('timeout');
    return this.settled;
  }

  resolve(answer: HttpResponse): void {
    if (this.finish()) this.settleWith.resolve(answer);
  }

  fail(code: string, mayHaveBeenSent: boolean = this.written): void {
    if (this.finish()) this.settleWith.reject(new HttpFault(code, mayHaveBeenSent));
  }

  private exceedDeadline(code: 'timeout' | 'aborted'): void {
    if (!this.finish()) return;
    this.settleWith.reject(
      code === 'aborted' ? new HttpAborted(this.written) : new HttpFault(code, this.written),
    );
    this.release?.(code);
  }

  private finish(): boolean {
    if (this.settled) return false;
    this.settled = true;
    clearTimeout(this.timer);
    this.request.signal?.removeEventListener('abort', this.onAbort);
    this.onSettled();
    return true;
  }
}

/** Sends calls over connections of one protocol. */
export interface Transport {
  /** Never throws: faults settle the call. */
  send(call: HttpCall): void;
  /** Closes the connections; no call is pending. */
  close(): Promise<void>;
}

/** Maximum response length in bytes; vendors send a few hundred. */
export const MAX_ANSWER_LENGTH = 1_000_000;

/** Node's code of a connection fault, or `connection_lost`. */
export function faultCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'connection_lost';
}
