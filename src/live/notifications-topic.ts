import type { LiveChangesRepository, NotificationVersion } from '../deliveries/live-changes.repository.js';
import type { NotificationRepository } from '../deliveries/notification.repository.js';
import { toDto } from '../notifications/notification-view.js';
import { withoutContent } from '../notifications/without-content.js';
import { momentOf } from '../platform/ids/new-id.js';
import { eventOfApp, gapOf, type LiveEvent } from './live-event.js';
import { ChangeableIds } from './changeable-ids.js';
import { canResume, type Found, type Topic } from './topic.js';

/** Rows that are committed this much later than their times say are still found, by a look that covers minutes. */
const MARGIN_MS = 10_000;
/** Notifications of this time before a stream are followed, too: a delivery report may still come. */
const FOLLOWED_BEFORE_MS = 120_000;
/**
 * Each look covers the last seconds; some cover the last minutes, for notifications that were planned late. With a long
 * margin, every look would read the same rows again.
 */
const NEAR = { reachMs: 10_000, maxRows: 2_000, marginMs: 2_000 };
const FAR = { reachMs: 900_000, maxRows: 20_000, marginMs: MARGIN_MS };
const FAR_EVERY_MS = 5_000;
/** Events of one look. */
const MAX_EVENTS = 200;
/** With more changes waiting, streams tell their clients to load the list again. */
const MAX_WAITING = 1_000;
/** How long a version is remembered; longer than any look finds a change again. */
const REMEMBERED_MS = 60_000;

interface Seen {
  readonly version: string;
  /** By `performance.now()`. */
  readonly atMs: number;
}

/**
 * New notifications, and those whose status changed.
 *
 * Looks at notifications received within the last 15 minutes. The status of those that a stream has shown, or that were
 * planned shortly before it, is followed for ten minutes.
 */
export class NotificationsTopic implements Topic {
  readonly name = 'notifications';
  readonly everyMs = 1_000;
  readonly isResumable = true;
  private readonly seen = new Map<string, Seen>();
  private readonly changeable = new ChangeableIds();
  private lastLook = new Date(0);
  private lastFarLook = new Date(0);

  constructor(
    private readonly changes: LiveChangesRepository,
    private readonly notifications: NotificationRepository,
  ) {}

  async begin(): Promise<Date> {
    const now = await this.changes.now();
    this.seen.clear();
    this.changeable.clear();
    this.lastLook = now;
    this.lastFarLook = now;
    const { versions } = await this.changes.changed({
      ...{
        receivedFrom: before(now, FAR.reachMs),
        since: before(now, FOLLOWED_BEFORE_MS),
        maxRows: FAR.maxRows,
      },
    });
    for (const version of versions) this.note(version, now);
    return now;
  }

  async look(): Promise<Found> {
    const now = await this.changes.now();
    this.clockIs(now);
    const isFar = now.getTime() - this.lastFarLook.getTime() >= FAR_EVERY_MS;
    const { reachMs, maxRows, marginMs } = isFar ? FAR : NEAR;
    const since = before(isFar ? this.lastFarLook : this.lastLook, marginMs);
    const { versions, cutAt } = await this.changes.changed({
      ...{ receivedFrom: before(now, reachMs), since, maxRows },
    });
    // A delivery report is no news of the second.
    const followed = isFar ? await this.changes.versionsOf(this.changeable.at(now)) : [];
    const changed = this.unseen([...versions, ...followed]);
    if (changed.length > MAX_WAITING || (isFar && cutAt !== undefined && momentOf(cutAt) > since)) {
      for (const version of changed) this.note(version, now);
      this.lookedAt(now, isFar);
      return { events: [gapOf(this.name)], completeTo: now };
    }
    const events = await this.eventsOf(changed.slice(0, MAX_EVENTS), now);
    if (changed.length > MAX_EVENTS) return { events, completeTo: undefined };
    this.lookedAt(now, isFar);
    return { events, completeTo: now };
  }

  greeting(): readonly LiveEvent[] {
    return [];
  }

  async missedSince(since: Date): Promise<readonly LiveEvent[] | undefined> {
    const now = await this.changes.now();
    if (!canResume(since, now)) return undefined;
    const { versions, cutAt } = await this.changes.changed({
      receivedFrom: before(now, FAR.reachMs),
      since: before(since, MARGIN_MS),
      maxRows: FAR.maxRows,
      withOpen: true,
    });
    if (versions.length > MAX_WAITING || (cutAt !== undefined && momentOf(cutAt) > since)) return undefined;
    const events: LiveEvent[] = [];
    for (let from = 0; from < versions.length; from += MAX_EVENTS) {
      events.push(...(await this.eventsOf(versions.slice(from, from + MAX_EVENTS))));
    }
    return events;
  }

  /** Oldest first. @param noteAt then they count as shown. */
  private async eventsOf(versions: readonly NotificationVersion[], noteAt?: Date): Promise<LiveEvent[]> {
    const records = await this.notifications.findAll(versions.map(({ id }) => id));
    if (noteAt) {
      // Those that the ledger has pruned meanwhile would be asked for again and again.
      for (const version of versions) this.note(version, noteAt);
      for (const { notification } of records) this.note(notification, noteAt);
    }
    return records.toReversed().map((record) => {
      const row = toDto(record);
      return eventOfApp('notification', row.appId, (reader) =>
        reader === 'viewer' ? withoutContent(row) : row,
      );
    });
  }

  /** Changes that no stream has been told, oldest first, each once. */
  private unseen(versions: readonly NotificationVersion[]): NotificationVersion[] {
    const changed = new Map<string, NotificationVersion>();
    for (const version of versions) {
      if (this.seen.get(version.id)?.version !== keyOf(version)) changed.set(version.id, version);
    }
    return [...changed.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  private note(version: NotificationVersion, now: Date): void {
    this.seen.delete(version.id);
    this.seen.set(version.id, { version: keyOf(version), atMs: performance.now() });
    this.changeable.note(version, now);
  }

  /** After the clock was set back, changes are earlier than the last look. */
  private clockIs(now: Date): void {
    if (now < this.lastLook) this.lastLook = now;
    if (now < this.lastFarLook) this.lastFarLook = now;
  }

  private lookedAt(now: Date, isFar: boolean): void {
    this.lastLook = now;
    if (isFar) this.lastFarLook = now;
    const rememberedFrom = performance.now() - REMEMBERED_MS;
    for (const [id, { atMs }] of this.seen) {
      if (atMs >= rememberedFrom) break;
      if (!this.changeable.has(id)) this.seen.delete(id);
    }
  }
}

const before = (moment: Date, ms: number): Date => new Date(moment.getTime() - ms);

const keyOf = ({ status, settledAt }: NotificationVersion): string =>
  `${status} ${settledAt?.getTime() ?? ''}`;
