import { Inject, Injectable } from '@nestjs/common';
import type { ProviderAccount } from '../../../deliveries/provider-state.repository.js';
import { Batcher } from '../../../platform/batching/batcher.js';
import { Sql } from '../../../platform/database/database.module.js';
import { AHEAD_MS, BEGIN, TAKE } from '../pace/sms-pace.sql.js';

export type RateReservation =
  /** The text may leave after `waitMs`, which is at `atMs` by the database's clock. */
  | { readonly taken: true; readonly waitMs: number; readonly atMs: number }
  /** The line is too long: nothing is taken, and it is to be asked again after `waitMs`. */
  | { readonly taken: false; readonly waitMs: number };

/** The next free places of an account. */
interface ReservationRequest {
  readonly perSecond: number;
  readonly places: number;
}

interface Line {
  readonly requests: Batcher<ReservationRequest, RateReservation>;
  /** When the last of those who were sent away comes back. */
  lastBackMs: number;
}

const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;
/** More come back than there are slots for, so that none lies idle while another process has nobody waiting. */
const BACK_PER_SLOT = 2;

/**
 * Keeps what all processes together send through an account to its `throughputPerSecond`.
 *
 * Asks of one account that come while a statement is under way are answered by the next one, in their order. The
 * clock is the database's. What is bounded are the moments at which texts may leave; how long each then takes to the
 * vendor is up to the network.
 */
@Injectable()
export class SmsRateLimiter {
  private readonly lines = new Map<string, Line>();

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /**
   * The next moment, within a second, at which a text may leave. A slot that is not used is lost.
   *
   * @param places slots in a row that it takes: its parts, where the vendor counts those.
   * @throws Error of the driver where the database is away.
   */
  reserve(account: ProviderAccount, perSecond: number, places = 1): Promise<RateReservation> {
    return this.lineOf(account).requests.run({ perSecond, places });
  }

  private lineOf(account: ProviderAccount): Line {
    const key = JSON.stringify([account.appId, account.provider]);
    const known = this.lines.get(key);
    if (known) return known;
    const line: Line = {
      requests: new Batcher((requests: readonly ReservationRequest[]) => this.take(account, line, requests), {
        maxItems: 250,
        maxCalls: 1,
      }),
      lastBackMs: 0,
    };
    this.lines.set(key, line);
    return line;
  }

  private async take(
    { appId, provider }: ProviderAccount,
    line: Line,
    requests: readonly ReservationRequest[],
  ): Promise<readonly RateReservation[]> {
    // An account has one rate, so all asks name the same.
    const perSecond = requests[0]?.perSecond ?? 1;
    const places = requests.map((request) => request.places);
    const params = { appId, provider, perSecond, places };
    let rows = await TAKE.rows(this.sql, params);
    if (rows.length === 0) {
      await BEGIN.run(this.sql, { appId, provider });
      rows = await TAKE.rows(this.sql, params);
    }
    return rows.map(({ taken, waitMs, atMs }, index) => {
      if (taken) return { taken, waitMs, atMs };
      const backPerSecond = (perSecond * BACK_PER_SLOT) / (places[index] ?? 1);
      return { taken, waitMs: waitInLine(line, waitMs - AHEAD_MS, backPerSecond) };
    });
  }
}

/**
 * How long somebody who found no slot stays away: until there may be one, and after those whom this process has sent
 * away before, so that a long line does not come back all at once, again and again.
 */
function waitInLine(line: Line, untilSlotMs: number, backPerSecond: number): number {
  const nowMs = performance.now();
  const backMs = Math.max(
    nowMs + Math.max(untilSlotMs, SHORTEST_WAIT_MS),
    line.lastBackMs + 1_000 / backPerSecond,
  );
  line.lastBackMs = Math.min(backMs, nowMs + LONGEST_WAIT_MS);
  return Math.round((line.lastBackMs - nowMs) * (0.75 + Math.random() / 4));
}
