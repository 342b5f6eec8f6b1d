/** One file of the spool. */
export interface Segment {
  /** The writer that made it: its segments are in the order of their names. */
  readonly origin: string;
  readonly name: string;
  /** Its path. */
  readonly file: string;
  /** Bytes and events that are known to be on disk. */
  bytes: number;
  events: number;
}
