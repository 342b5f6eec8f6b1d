import type { NotificationFilter } from '../../deliveries/notification-filter.js';
import type { NotificationRepository } from '../../deliveries/notification.repository.js';
import { MAX_SCANNED } from '../../deliveries/notification-scan.js';
import type { PageStart } from '../page-end.js';
import { PLACES, type Place, type SearchPlan } from './readers.js';
import type { Reading } from './recognise.js';

export interface SearchPage extends Pick<NotificationFilter, 'from' | 'to'> {
  readonly start: PageStart;
  readonly limit: number;
}

/** Ids of notifications, and what found them. */
export interface Hits {
  /** In order. */
  readonly ids: ReadonlyMap<string, readonly Reading[]>;
  /** Where the next page begins; undefined if there is none. */
  readonly next: { readonly place: Place; readonly before: string } | undefined;
}

/** Above all ids: the beginning of a place. */
export const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Pages through the notifications of a search: the sets one after the other, then all scans together. */
export class Pager {
  private readonly ids = new Map<string, Reading[]>();
  private rowsLeft = MAX_SCANNED;

  constructor(
    private readonly notifications: NotificationRepository,
    private readonly page: SearchPage,
  ) {}

  async read({ sets, scans }: SearchPlan): Promise<Hits> {
    const { start } = this.page;
    const first = PLACES.findIndex((place) => place === start.place);
    const inOrder = sets.toSorted((a, b) => PLACES.indexOf(a.place) - PLACES.indexOf(b.place));
    for (const set of inOrder.filter(({ place }) => PLACES.indexOf(place) >= first)) {
      const before = set.place === start.place ? start.before : undefined;
      const stoppedAt = this.isFull ? NEWEST : await this.takeSet(set, before);
      if (stoppedAt !== undefined) return { ids: this.ids, next: { place: set.place, before: stoppedAt } };
    }
    if (scans.length === 0) return { ids: this.ids, next: undefined };
    const before = start.place === 'scan' ? start.before : undefined;
    const stoppedAt = this.isFull ? NEWEST : await this.takeScans(scans, before);
    return {
      ids: this.ids,
      next: stoppedAt === undefined ? undefined : { place: 'scan', before: stoppedAt },
    };
  }

  private get isFull(): boolean {
    return this.ids.size >= this.page.limit || this.rowsLeft <= 0;
  }

  /** @returns where it stopped, if there may be more. */
  private async takeSet(
    { reading, found }: SearchPlan['sets'][number],
    before: string | undefined,
  ): Promise<string | undefined> {
    const { from, to, limit } = this.page;
    const filter = { ...found, from, to, before };
    const scan = await this.notifications.scan(filter, limit - this.ids.size, this.rowsLeft);
    this.rowsLeft -= scan.scanned;
    for (const id of scan.ids) this.take(id, reading);
    return scan.stoppedAt;
  }

  /**
   * Shares the rows that are left among the scans and merges what they find, as far as each of them has looked.
   *
   * @returns where they stopped, if there may be more.
   */
  private async takeScans(
    scans: SearchPlan['scans'],
    before: string | undefined,
  ): Promise<string | undefined> {
    const { from, to } = this.page;
    const limit = this.page.limit - this.ids.size;
    const rows = Math.ceil(this.rowsLeft / scans.length);
    const hits: { id: string; reading: Reading }[] = [];
    let floor = '';
    for (const { reading, found } of scans) {
      const scan = await this.notifications.scan({ ...found, from, to, before }, limit, rows);
      hits.push(...scan.ids.map((id) => ({ id, reading })));
      if (scan.stoppedAt !== undefined && scan.stoppedAt > floor) floor = scan.stoppedAt;
    }
    const inReach = hits.filter(({ id }) => id >= floor).sort((a, b) => (a.id < b.id ? 1 : -1));
    const ids = [...new Set(inReach.map(({ id }) => id))];
    const last = ids.length > limit ? ids[limit - 1] : undefined;
    for (const { id, reading } of inReach) if (last === undefined || id >= last) this.take(id, reading);
    return last ?? (floor || undefined);
  }

  private take(id: string, reading: Reading): void {
    const known = this.ids.get(id);
    if (!known) this.ids.set(id, [reading]);
    else if (!known.includes(reading)) known.push(reading);
  }
}
