/** File of the spool. */
export interface Segment {
  /** Its writer, whose segments sort by name. */
  readonly origin: string;
  readonly name: string;
  readonly file: string;
  /** Bytes and events confirmed on disk. */
  bytes: number;
  events: number;
}
