import type { VendorAnswer } from './vendor-server.js';

/** What to answer to a valid message; undefined: the vendor takes it. */
export type Scripted<M> = VendorAnswer | ((message: M) => VendorAnswer | undefined) | undefined;

/** What a local vendor was sent, and what it is told to answer. */
export class VendorScript<M> {
  /** Messages that it took, in order. */
  readonly received: M[] = [];
  /** How many it was asked to send, whatever the answer. */
  asked = 0;
  /** How many it took, also where a test has emptied `received` since: ids are made of it. */
  taken = 0;
  private answer: Scripted<M>;
  private times = 0;

  /** Answers so from now on, or for the next `times` messages only. */
  answerWith(answer: Scripted<M>, times = Number.POSITIVE_INFINITY): void {
    this.answer = answer;
    this.times = times;
  }

  /** The answer to a valid message. @param taken the one that says that it was taken. */
  conclude(message: M, taken: () => VendorAnswer): VendorAnswer {
    if (this.times > 0) {
      this.times -= 1;
      const answer = typeof this.answer === 'function' ? this.answer(message) : this.answer;
      if (answer !== undefined) return answer;
    }
    this.received.push(message);
    this.taken += 1;
    return taken();
  }
}
