import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '../domain/notification.js';
import { Sql } from '../platform/database/database.module.js';

/** One account with one vendor, as one app uses it. */
export interface Account {
  readonly appId: string;
  readonly channel: Channel;
  readonly provider: string;
}

/** An account that is to be left alone: because it failed too often, or because it asked for that. */
export interface HeldAccount extends Account {
  readonly state: 'open' | 'paused';
  /** What is left of that, in milliseconds; 0: somebody may try whether it works again. */
  readonly remainingMs: number;
  /** How often in a row it was found failing. */
  readonly failures: number;
}

interface Row {
  readonly app_id: string;
  readonly channel: Channel;
  readonly provider: string;
  readonly state: 'open' | 'paused';
  readonly remaining_ms: number;
  readonly failures: number;
}

/** What every process has to know of the vendors' state. An account that is well has no row. */
@Injectable()
export class ProviderStates {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  async held(): Promise<HeldAccount[]> {
    const { rows } = await this.sql.query<Row>(
      `SELECT app_id, channel, provider, state, failures,
              greatest(extract(epoch FROM until - now()) * 1000, 0)::int AS remaining_ms
       FROM provider_state`,
    );
    return rows.map(({ app_id, remaining_ms, ...rest }) => ({
      ...rest,
      appId: app_id,
      remainingMs: remaining_ms,
    }));
  }

  /** The longer of two holds stands, and a failing account is not called a pausing one. */
  async hold(
    { appId, channel, provider }: Account,
    state: HeldAccount['state'],
    forMs: number,
    failures: number,
  ): Promise<void> {
    await this.sql.query(
      `INSERT INTO provider_state AS s (app_id, channel, provider, state, until, failures)
       VALUES ($1, $2, $3, $4, now() + $5::int * interval '1 millisecond', $6)
       ON CONFLICT (app_id, channel, provider) DO UPDATE
       SET state = CASE WHEN s.state = 'open' THEN 'open' ELSE excluded.state END,
           until = greatest(s.until, excluded.until), failures = greatest(s.failures, excluded.failures),
           updated_at = now()`,
      [appId, channel, provider, state, Math.round(forMs), failures],
    );
  }

  /** An operator has said that the account is well: nothing is held against it any more. */
  async releaseByHand({ appId, channel, provider }: Account): Promise<Date> {
    const { rows } = await this.sql.query<{ released_at: Date }>(
      `WITH released AS (
         DELETE FROM provider_state WHERE app_id = $1 AND channel = $2 AND provider = $3
       )
       INSERT INTO provider_release (app_id, channel, provider, released_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (app_id, channel, provider) DO UPDATE SET released_at = excluded.released_at
       RETURNING released_at`,
      [appId, channel, provider],
    );
    return rows[0]?.released_at ?? new Date();
  }

  /** Whether an operator has said so within the last minutes. */
  async wasReleasedByHand({ appId, channel, provider }: Account, withinMinutes: number): Promise<boolean> {
    const { rowCount } = await this.sql.query(
      `SELECT 1 FROM provider_release WHERE app_id = $1 AND channel = $2 AND provider = $3
         AND released_at > now() - $4::int * interval '1 minute'`,
      [appId, channel, provider, withinMinutes],
    );
    return rowCount === 1;
  }

  async release({ appId, channel, provider }: Account): Promise<void> {
    await this.sql.query('DELETE FROM provider_state WHERE app_id = $1 AND channel = $2 AND provider = $3', [
      appId,
      channel,
      provider,
    ]);
  }

  /** Lets one caller, over all processes, try an account whose time is up; nobody else for `leaseMs`. */
  async takeProbe({ appId, channel, provider }: Account, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.sql.query(
      `UPDATE provider_state SET until = now() + $4::int * interval '1 millisecond', updated_at = now()
       WHERE app_id = $1 AND channel = $2 AND provider = $3 AND until <= now()`,
      [appId, channel, provider, leaseMs],
    );
    return rowCount === 1;
  }
}
