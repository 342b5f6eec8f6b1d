/** How a connection to a centre is kept, in milliseconds. */
export interface SmppTimings {
  /** Between two `enquire_link`. */
  readonly enquireMs: number;
  /** How long the centre may take to answer the bind, an `enquire_link` or the unbind. */
  readonly answerMs: number;
  /** The wait after the first failed connection; it doubles up to `maxReconnectMs`. */
  readonly reconnectMs: number;
  readonly maxReconnectMs: number;
  /** The wait after a bind that was refused: an operator has to act, and centres lock accounts that try too often. */
  readonly refusedMs: number;
  /** A connection that holds for so long is well again. */
  readonly stableMs: number;
  /** How long the parts of a text that came in wait for each other. */
  readonly partsMs: number;
}

export const SMPP_TIMINGS: SmppTimings = {
  enquireMs: 30_000,
  answerMs: 10_000,
  reconnectMs: 1_000,
  maxReconnectMs: 30_000,
  refusedMs: 60_000,
  stableMs: 10_000,
  partsMs: 60_000,
};
