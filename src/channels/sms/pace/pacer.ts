import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../../platform/batching/batcher.js';
import { Sql } from '../../../platform/database/database.module.js';

/** An account with a vendor, as one app uses it. */
export interface PacedAccount {
  readonly appId: string;
  readonly provider: string;
}

export type Slot =
  /** The text may leave after `waitMs`, which is at `atMs` by the database's clock. */
  | { readonly taken: true; readonly waitMs: number; readonly atMs: number }
  /** The line is too long: nothing is taken, and it is to be asked again after `waitMs`. */
  | { readonly taken: false; readonly waitMs: number };

interface SlotRow {
  readonly taken: boolean;
  readonly waitMs: number;
  readonly atMs: number;
}

/** The next free places of an account. */
interface Ask {
  readonly perSecond: number;
  readonly places: number;
}

interface Line {
  readonly asks: Batcher<Ask, Slot>;
  /** When the last of those who were sent away comes back. */
  lastBackMs: number;
}

/** How far ahead a slot may be taken: the caller sleeps until then, and holds its delivery meanwhile. */
const AHEAD_MS = 1_000;
const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;
/** More come back than there are slots for, so that none lies idle while another process has nobody waiting. */
const BACK_PER_SLOT = 2;

// The slots of an account are numbered: slot k lies at k / rate seconds since the epoch, rounded up to a millisecond.
// So each stretch of a second has as many slots as the rate says, by whichever statements they are taken, and what is
// stored, though in milliseconds, is the number of the next free one. A rate beyond 1,000 has several slots in a
// millisecond, and leaves out the rest of one that a batch has begun.
const TAKE = `
WITH held AS MATERIALIZED (
  SELECT (extract(epoch FROM next_at) * 1000)::bigint AS next_ms FROM sms_pace
  WHERE app_id = $1 AND provider = $2 FOR UPDATE
), timed AS MATERIALIZED (
  -- Read when the row is held, not when the wait for it began.
  SELECT next_ms, ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms FROM held
), line AS (
  SELECT now_ms, greatest(next_ms * $3::bigint / 1000, (now_ms * $3::bigint + 999) / 1000) AS first,
         (now_ms + ${AHEAD_MS}) * $3::bigint / 1000 AS last
  FROM timed
), asked AS (
  -- Only the first slot of a message has to be near; those of its other parts follow it.
  SELECT position, places, sum(places) OVER (ORDER BY position) - places AS before
  FROM unnest($4::int[]) WITH ORDINALITY AS a(places, position)
), moved AS (
  UPDATE sms_pace p
  SET next_at = to_timestamp((((line.last_taken + 1) * 1000 + $3::bigint - 1) / $3::bigint)::float8 / 1000)
  FROM (
    SELECT max(first + before + places - 1) AS last_taken FROM line, asked WHERE first + before <= last
    HAVING count(*) > 0
  ) line
  WHERE p.app_id = $1 AND p.provider = $2
)
SELECT first + before <= last AS taken, (at_ms - now_ms)::int AS "waitMs", at_ms::float8 AS "atMs"
FROM line, asked,
     LATERAL (SELECT ((first + before) * 1000 + $3::bigint - 1) / $3::bigint AS at_ms) slot
ORDER BY position`;

/**
 * Keeps what all processes together send through an account to its `throughputPerSecond`.
 *
 * Asks of one account that come while a statement is under way are answered by the next one, in their order. The
 * clock is the database's. What is bounded are the moments at which texts may leave; how long each then takes to the
 * vendor is up to the network.
 */
@Injectable()
export class Pacer {
  private readonly lines = new Map<string, Line>();

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /**
   * The next moment, within a second, at which a text may leave. A slot that is not used is lost.
   *
   * @param places slots in a row that it takes: its parts, where the vendor counts those.
   * @throws Error of the driver where the database is away.
   */
  slot(account: PacedAccount, perSecond: number, places = 1): Promise<Slot> {
    return this.lineOf(account).asks.run({ perSecond, places });
  }

  private lineOf(account: PacedAccount): Line {
    const key = JSON.stringify([account.appId, account.provider]);
    const known = this.lines.get(key);
    if (known) return known;
    const line: Line = {
      asks: new Batcher((asks: readonly Ask[]) => this.take(account, line, asks), {
        maxItems: 250,
        maxCalls: 1,
      }),
      lastBackMs: 0,
    };
    this.lines.set(key, line);
    return line;
  }

  private async take(
    { appId, provider }: PacedAccount,
    line: Line,
    asks: readonly Ask[],
  ): Promise<readonly Slot[]> {
    // An account has one rate, so all asks name the same.
    const perSecond = asks[0]?.perSecond ?? 1;
    const places = asks.map((ask) => ask.places);
    const query = { name: 'sms_pace.take', text: TAKE, values: [appId, provider, perSecond, places] };
    let { rows } = await this.sql.query<SlotRow>(query);
    if (rows.length === 0) {
      await this.sql.query(
        `INSERT INTO sms_pace (app_id, provider, next_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING`,
        [appId, provider],
      );
      ({ rows } = await this.sql.query<SlotRow>(query));
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
