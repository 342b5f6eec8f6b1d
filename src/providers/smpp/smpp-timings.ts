/** Timings of SMPP connections, in milliseconds. */
export interface SmppTimings {
  /** Interval of `enquire_link`. */
  readonly enquireMs: number;
  /** Timeout of responses to bind, `enquire_link` and unbind. */
  readonly answerMs: number;
  /** Delay after the first failed connection; doubles up to `maxReconnectMs`. */
  readonly reconnectMs: number;
  readonly maxReconnectMs: number;
  /** Delay after a refused bind: an operator has to act, and SMSCs lock accounts after frequent attempts. */
  readonly refusedMs: number;
  /** Duration after which a connection counts as stable. */
  readonly stableMs: number;
  /** Maximum wait for missing parts of an inbound SMS. */
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
