import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { NotificationRepository, type NotificationRecord } from '../../deliveries/notification.repository.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';

/** Longest wait in ms for the vendors of one test. */
const WAIT_MS = 15_000;
/** Interval in ms between two looks at the ledger. */
const LOOK_EVERY_MS = 150;
/** Tests that wait at the same time in one process. */
const MAX_WAITING = 4;

/** A recorded notification with its content, a JSON string. */
type Found = { readonly record: NotificationRecord; readonly content: string };

/**
 * Waits for vendors to decide on a notification. The wait polls the ledger and holds neither a connection nor a lock,
 * so that a vendor that hangs delays only the caller.
 */
@Injectable()
export class VendorsWord implements BeforeApplicationShutdown {
  private waiting = 0;
  private readonly stopping = new AbortController();

  constructor(private readonly notifications: NotificationRepository) {}

  /** Waits that have begun answer with what is known. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * Sends a notification and waits until it is settled, for at most 15 s.
   *
   * @param send stores it and returns its id.
   * @returns its record as far as known; undefined if it is not planned yet.
   * @throws GatewayError `TEST.TOO_MANY` while four others wait; nothing is sent then.
   */
  async of(send: () => Promise<string>): Promise<{ readonly id: string; readonly found: Found | undefined }> {
    if (this.waiting >= MAX_WAITING)
      throw new GatewayError('TEST.TOO_MANY', { retryAfterSeconds: WAIT_MS / 1_000 });
    this.waiting += 1;
    try {
      const id = await send();
      return { id, found: await this.settled(id) };
    } finally {
      this.waiting -= 1;
    }
  }

  private async settled(id: string): Promise<Found | undefined> {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const found = await this.notifications.findWithContent(id);
      const isSettled = found !== undefined && found.record.notification.settledAt !== null;
      if (isSettled || performance.now() > deadline || this.stopping.signal.aborted) return found;
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}
