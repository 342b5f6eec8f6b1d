import type { LiveEvent, TopicName } from './live-event.js';

/** Result of one look at a topic. */
export interface Found {
  readonly events: readonly LiveEvent[];
  /** By the database's clock: everything until then has been found. Undefined: there is more to come. */
  readonly completeTo: Date | undefined;
}

/** A source of events. One poller per process asks it, and only while a stream follows it. */
export interface Topic {
  readonly name: TopicName;
  readonly everyMs: number;
  /** Whether a stream needs what it missed; otherwise the greeting says all. */
  readonly isResumable: boolean;
  /** Takes the present as known. @returns the time of the present, by the database's clock. */
  begin(): Promise<Date>;
  /** Finds the news since `begin` or the last look. */
  look(): Promise<Found>;
  /** Events for a stream that begins, whatever it knows already. */
  greeting(): readonly LiveEvent[];
  /** Events that a stream may have missed since a time. Undefined: too many, or too long ago. */
  missedSince(since: Date): Promise<readonly LiveEvent[] | undefined>;
}

/** Longest interruption after which a stream goes on. */
const RESUME_MS = 300_000;

/** Whether a stream can go on from a place. One in the future is from before the database's clock was set back. */
export function canResume(since: Date, now: Date): boolean {
  const agoMs = now.getTime() - since.getTime();
  return agoMs >= 0 && agoMs <= RESUME_MS;
}
