import { setMaxListeners } from 'node:events';
import { HttpAborted, HttpFault, type HttpRequest, type HttpResponse } from './http-client.js';

/** A request on its way, from the caller's question to its one answer, whichever connection carries it. */
export class HttpCall {
  readonly answer: Promise<HttpResponse>;
  /** It was handed to a connection: from here on the vendor may have seen it. */
  written = false;
  /** How often a vendor gave it back untouched. */
  returns = 0;
  settled = false;
  /** Set by whoever holds the call: takes it out of a queue, or resets its stream. */
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
      setMaxListeners(0, signal); // many calls may share one
      signal.addEventListener('abort', this.onAbort, { once: true });
    }
  }

  /**
   * Asked right before it is written. A process that was paused hears what came in meanwhile before its timers, and
   * would write now what somebody else has sent long ago.
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

/** Carries calls over connections of one protocol. */
export interface Transport {
  /** Never throws: what goes wrong settles the call. */
  send(call: HttpCall): void;
  /** Closes the connections; nothing is under way any more. */
  close(): Promise<void>;
}

/** The largest answer that is read; vendors answer with a few hundred bytes. */
export const MAX_ANSWER_LENGTH = 1_000_000;

/** Node's code for a fault of a connection, or a word of ours. */
export function faultCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'connection_lost';
}
