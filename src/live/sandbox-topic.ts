import type { LiveChangesRepository } from '../deliveries/live-changes.repository.js';
import { maskedMessage } from '../deliveries/sandbox/masked-message.js';
import { eventOfApp, gapOf, type LiveEvent } from './live-event.js';
import { canResume, type Found, type Topic } from './topic.js';

/** Rows of one look; a message may become visible after later ones. */
const MAX_ROWS = 400;
const MAX_EVENTS = 200;
const MARGIN_MS = 10_000;
const MAX_RESUMED = 1_000;

/** Messages given to sandbox providers. */
export class SandboxTopic implements Topic {
  readonly name = 'sandbox';
  readonly everyMs = 1_000;
  readonly isResumable = true;
  /** The newest messages. */
  private seen: ReadonlySet<string> = new Set();
  /** The number of the oldest message that could be seen. */
  private oldest = 0n;

  constructor(private readonly changes: LiveChangesRepository) {}

  async begin(): Promise<Date> {
    const now = await this.changes.now();
    this.seen = new Set(await this.newest());
    return now;
  }

  async look(): Promise<Found> {
    const now = await this.changes.now();
    const { oldest } = this;
    const newest = await this.newest();
    // After newer ones were deleted, older messages move up.
    const unseen = newest.filter((seq) => BigInt(seq) >= oldest && !this.seen.has(seq));
    // All rows are new: there may be more.
    if (unseen.length === MAX_ROWS) {
      this.seen = new Set(newest);
      return { events: [gapOf(this.name)], completeTo: now };
    }
    const next = unseen.slice(-MAX_EVENTS);
    const events = await this.eventsOf(next);
    const later = new Set(unseen.slice(0, -MAX_EVENTS));
    this.seen = new Set(newest.filter((seq) => !later.has(seq)));
    return { events, completeTo: later.size > 0 ? undefined : now };
  }

  greeting(): readonly LiveEvent[] {
    return [];
  }

  async missedSince(since: Date): Promise<readonly LiveEvent[] | undefined> {
    const now = await this.changes.now();
    if (!canResume(since, now)) return undefined;
    const rows = await this.changes.sandboxSeqs(MAX_RESUMED);
    const missed = rows.filter(({ at }) => at.getTime() >= since.getTime() - MARGIN_MS);
    return missed.length === MAX_RESUMED ? undefined : this.eventsOf(missed.map(({ seq }) => seq));
  }

  /** Newest first. */
  private async newest(): Promise<string[]> {
    const newest = (await this.changes.sandboxSeqs(MAX_ROWS)).map(({ seq }) => seq);
    this.oldest = newest.length === MAX_ROWS ? BigInt(newest.at(-1) ?? 0) : 0n;
    return newest;
  }

  private async eventsOf(seqs: readonly string[]): Promise<LiveEvent[]> {
    const messages = await this.changes.sandboxMessages(seqs);
    return messages.map((message) =>
      eventOfApp('sandbox', message.appId, (reader) =>
        reader === 'operator' ? message : maskedMessage(message),
      ),
    );
  }
}
