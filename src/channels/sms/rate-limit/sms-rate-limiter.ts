import { Inject, Injectable } from '@nestjs/common';
import type { ProviderAccount } from '../../../deliveries/provider-state.repository.js';
import { Batcher } from '../../../platform/batching/batcher.js';
import { Sql } from '../../../platform/database/database.module.js';
import { AHEAD_MS, BEGIN, TAKE } from './sms-rate-limit.sql.js';

export type RateReservation =
  /** The SMS may be sent after `waitMs`, at `atMs` by the database's clock. */
  | { readonly taken: true; readonly waitMs: number; readonly atMs: number }
  /** Too many are ahead: nothing is reserved; ask again after `waitMs`. */
  | { readonly taken: false; readonly waitMs: number };

interface ReservationRequest {
  readonly perSecond: number;
  readonly units: number;
}

interface AccountQueue {
  readonly requests: Batcher<ReservationRequest, RateReservation>;
  /** When the last postponed SMS is retried. */
  lastRetryMs: number;
}

const MIN_WAIT_MS = 100;
const MAX_WAIT_MS = 30_000;
/** Retries per reservation: more than one, so that none stays unused while other processes have nothing to send. */
const RETRIES_PER_RESERVATION = 2;

/**
 * Limits the SMS that all processes together send through an account to its `throughputPerSecond`.
 *
 * Requests for an account that arrive during a statement are answered by the next one, in order. The clock is the
 * database's. The limit applies to departures; the network determines arrival at the vendor.
 */
@Injectable()
export class SmsRateLimiter {
  private readonly queues = new Map<string, AccountQueue>();

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /**
   * Reserves the next time, within a second, at which an SMS may be sent. An unused reservation is lost.
   *
   * @param units consecutive reservations that it takes: its parts, if the vendor counts those.
   * @throws Error of the driver if the database is unavailable.
   */
  reserve(account: ProviderAccount, perSecond: number, units = 1): Promise<RateReservation> {
    return this.queueOf(account).requests.run({ perSecond, units });
  }

  private queueOf(account: ProviderAccount): AccountQueue {
    const key = JSON.stringify([account.appId, account.provider]);
    const known = this.queues.get(key);
    if (known) return known;
    const queue: AccountQueue = {
      requests: new Batcher(
        (requests: readonly ReservationRequest[]) => this.take(account, queue, requests),
        {
          maxItems: 250,
          maxCalls: 1,
        },
      ),
      lastRetryMs: 0,
    };
    this.queues.set(key, queue);
    return queue;
  }

  private async take(
    { appId, provider }: ProviderAccount,
    queue: AccountQueue,
    requests: readonly ReservationRequest[],
  ): Promise<readonly RateReservation[]> {
    // An account has one rate, so all requests name the same.
    const perSecond = requests[0]?.perSecond ?? 1;
    const units = requests.map((request) => request.units);
    const params = { appId, provider, perSecond, units };
    let rows = await TAKE.rows(this.sql, params);
    if (rows.length === 0) {
      await BEGIN.run(this.sql, { appId, provider });
      rows = await TAKE.rows(this.sql, params);
    }
    return rows.map(({ taken, waitMs, atMs }, index) => {
      if (taken) return { taken, waitMs, atMs };
      const retriesPerSecond = (perSecond * RETRIES_PER_RESERVATION) / (units[index] ?? 1);
      return { taken, waitMs: retryDelayOf(queue, waitMs - AHEAD_MS, retriesPerSecond) };
    });
  }
}

/**
 * The delay of an SMS without a reservation: until one may be free, and after those postponed before by this process, so
 * that a long backlog is not retried all at once.
 */
function retryDelayOf(queue: AccountQueue, untilFreeMs: number, retriesPerSecond: number): number {
  const nowMs = performance.now();
  const retryMs = Math.max(
    nowMs + Math.max(untilFreeMs, MIN_WAIT_MS),
    queue.lastRetryMs + 1_000 / retriesPerSecond,
  );
  queue.lastRetryMs = Math.min(retryMs, nowMs + MAX_WAIT_MS);
  return Math.round((queue.lastRetryMs - nowMs) * (0.75 + Math.random() / 4));
}
