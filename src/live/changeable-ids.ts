import type { NotificationVersion } from '../deliveries/live-changes.repository.js';

/** How long the status of a notification is followed after it was shown. */
const FOLLOWED_MS = 600_000;
/** Notifications that are followed at once; of more, the newest. */
const MAX_FOLLOWED = 1_000;

/** Notifications whose status may still change: unsettled ones, and sent ones that wait for a delivery report. */
export class ChangeableIds {
  private readonly until = new Map<string, number>();

  /** The ids to look at. */
  at(now: Date): string[] {
    for (const [id, until] of this.until) if (until < now.getTime()) this.until.delete(id);
    return [...this.until.keys()];
  }

  has(id: string): boolean {
    return this.until.has(id);
  }

  note({ id, status, settledAt }: NotificationVersion, now: Date): void {
    const until = this.until.get(id) ?? now.getTime() + FOLLOWED_MS;
    this.until.delete(id);
    if (settledAt !== null && status !== 'sent') return;
    this.until.set(id, until);
    const [longest] = this.until.keys();
    if (this.until.size > MAX_FOLLOWED && longest !== undefined) this.until.delete(longest);
  }

  clear(): void {
    this.until.clear();
  }
}
