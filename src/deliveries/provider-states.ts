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
  /** What is left of a pause, in milliseconds. */
  readonly remainingMs: number;
  /** The time until somebody may probe whether it works again, in milliseconds. */
  readonly probeInMs: number;
  /** Failures in a row since it is held: of the account, then of its probes. */
  readonly failures: number;
  /** A digest of the address of the last failure. */
  readonly failedAddress: string | null;
}

/** How long an account is held, and by whose verdict. */
export interface NewHold extends Omit<HeldAccount, keyof Account> {
  /** A probe has decided: whatever was known before is out of date. */
  readonly isVerdict: boolean;
}

interface Row {
  readonly app_id: string;
  readonly channel: Channel;
  readonly provider: string;
  readonly state: 'open' | 'paused';
  readonly remaining_ms: number;
  readonly probe_in_ms: number;
  readonly failures: number;
  readonly failed_address: string | null;
}

/** What every process has to know of the vendors' state. An account that is well has no row. */
@Injectable()
export class ProviderStates {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  async held(): Promise<HeldAccount[]> {
    const { rows } = await this.sql.query<Row>(
      `SELECT app_id, channel, provider, state, failures, failed_address,
              greatest(extract(epoch FROM until - now()) * 1000, 0)::int AS remaining_ms,
              greatest(extract(epoch FROM coalesce(probe_at, until) - now()) * 1000, 0)::int AS probe_in_ms
       FROM provider_state`,
    );
    return rows.map(({ app_id, remaining_ms, probe_in_ms, failed_address, ...rest }) => ({
      ...rest,
      appId: app_id,
      remainingMs: remaining_ms,
      probeInMs: probe_in_ms,
      failedAddress: failed_address,
    }));
  }

  /** Of two processes' findings the longer stands, and a failing account is not called a pausing one. */
  async hold({ appId, channel, provider }: Account, hold: NewHold): Promise<void> {
    const { state, remainingMs, probeInMs, failures, failedAddress, isVerdict } = hold;
    await this.sql.query(
      `INSERT INTO provider_state AS s (app_id, channel, provider, state, until, probe_at, failures, failed_address)
       VALUES ($1, $2, $3, $4, now() + $5::int * interval '1 millisecond',
               now() + $6::int * interval '1 millisecond', $7, $8)
       ON CONFLICT (app_id, channel, provider) DO UPDATE
       SET state = CASE WHEN s.state = 'open' AND NOT $9 THEN s.state ELSE excluded.state END,
           until = CASE WHEN $9 THEN excluded.until ELSE greatest(s.until, excluded.until) END,
           probe_at = CASE WHEN $9 OR s.probe_by IS NULL OR s.probe_at <= now()
                           THEN excluded.probe_at ELSE s.probe_at END,
           probe_by = CASE WHEN $9 THEN NULL ELSE s.probe_by END,
           failures = CASE WHEN $9 THEN excluded.failures ELSE greatest(s.failures, excluded.failures) END,
           failed_address = excluded.failed_address, updated_at = now()`,
      [
        appId,
        channel,
        provider,
        state,
        Math.round(remainingMs),
        Math.round(probeInMs),
        failures,
        failedAddress,
        isVerdict,
      ],
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

  /** Lets one delivery, over all processes, probe an account whose time has come; no other one for `leaseMs`. */
  async takeProbe(
    { appId, channel, provider }: Account,
    deliveryId: string,
    leaseMs: number,
  ): Promise<boolean> {
    const { rowCount } = await this.sql.query(
      `UPDATE provider_state
       SET probe_at = now() + $5::int * interval '1 millisecond', probe_by = $4, updated_at = now()
       WHERE app_id = $1 AND channel = $2 AND provider = $3 AND coalesce(probe_at, until) <= now()`,
      [appId, channel, provider, deliveryId, leaseMs],
    );
    return rowCount === 1;
  }

  /** Lets another delivery probe at once, where this one still holds the probe. */
  async returnProbe({ appId, channel, provider }: Account, deliveryId: string): Promise<void> {
    await this.sql.query(
      `UPDATE provider_state SET probe_at = now(), probe_by = NULL, updated_at = now()
       WHERE app_id = $1 AND channel = $2 AND provider = $3 AND probe_by = $4`,
      [appId, channel, provider, deliveryId],
    );
  }

  /** Forgets accounts that nothing was sent through for long, such as a push service that is no more. */
  async forget(afterMs: number): Promise<void> {
    await this.sql.query(
      `DELETE FROM provider_state
       WHERE greatest(until, probe_at, updated_at) < now() - $1::int * interval '1 millisecond'`,
      [afterMs],
    );
  }
}
