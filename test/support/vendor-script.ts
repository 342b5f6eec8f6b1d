import type { VendorAnswer } from './vendor-server.js';

/** The answer to a valid message; undefined: the vendor accepts it. */
export type Scripted<M> = VendorAnswer | ((message: M) => VendorAnswer | undefined) | undefined;

/** Messages received by a local vendor, and the answers that a test has set. */
export class VendorScript<M> {
  /** Accepted messages, in order. */
  readonly received: M[] = [];
  /** Number of messages received, whatever the answer. */
  asked = 0;
  /** Number of accepted messages, including those that a test removed from `received`: message ids are derived from it. */
  taken = 0;
  private answer: Scripted<M>;
  private times = 0;

  /** Sets the answer from now on, or for the next `times` messages only. */
  answerWith(answer: Scripted<M>, times = Number.POSITIVE_INFINITY): void {
    this.answer = answer;
    this.times = times;
  }

  /** The answer to a valid message. @param taken returns the vendor's answer to an accepted message. */
  conclude(message: M, taken: () => VendorAnswer): VendorAnswer {
    const answer = this.next(message);
    if (answer !== undefined) return answer;
    this.received.push(message);
    this.taken += 1;
    return taken();
  }

  /** The answer that the test has set for a message which is not recorded, such as that of a check. */
  next(message: M): VendorAnswer | undefined {
    if (this.times <= 0) return undefined;
    this.times -= 1;
    return typeof this.answer === 'function' ? this.answer(message) : this.answer;
  }
}
