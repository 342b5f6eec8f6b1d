import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '../domain/notification.js';
import { Prisma, Sql } from '../platform/database/database.module.js';
import {
  CLOSE_BY_OPERATOR,
  FORGET,
  OPEN_BREAKERS,
  RETURN_PROBE,
  TAKE_PROBE,
  TRIP,
  WAS_CLOSED_BY_OPERATOR,
} from './sql/provider-state.sql.js';

/** An app's account with a vendor. */
export interface ProviderAccount {
  readonly appId: string;
  readonly channel: Channel;
  /** The provider's id in the configuration; the circuit breaker appends a device kind or a country. */
  readonly provider: string;
}

/** An account with an open breaker after repeated failures, or paused because it is over quota. */
export interface OpenBreaker extends ProviderAccount {
  readonly state: 'open' | 'paused';
  /** Remaining time of a pause, in milliseconds. */
  readonly remainingMs: number;
  /** Time until a delivery may probe the account, in milliseconds. */
  readonly probeInMs: number;
  /** Consecutive failures: of the account, then of its probes. */
  readonly failures: number;
  /** Hash of the address that failed last. */
  readonly failedAddress: string | null;
}

/** A decision to open or pause an account's breaker. */
export interface BreakerTrip extends Omit<OpenBreaker, keyof ProviderAccount> {
  /** Decided by a probe, which overrides all earlier state. */
  readonly isVerdict: boolean;
}

/** Circuit breakers of all accounts, shared by all processes. A healthy account has no row. */
@Injectable()
export class ProviderStateRepository {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  held(): Promise<OpenBreaker[]> {
    return OPEN_BREAKERS.rows(this.sql, {});
  }

  /** Without a verdict, the longer of two processes' decisions wins, and an open breaker is not changed to paused. */
  async trip({ appId, channel, provider }: ProviderAccount, trip: BreakerTrip): Promise<void> {
    const remainingMs = Math.round(trip.remainingMs);
    const probeInMs = Math.round(trip.probeInMs);
    await TRIP.run(this.sql, { ...trip, appId, channel, provider, remainingMs, probeInMs });
  }

  /** Closes the breaker for an operator. @returns the recorded time. */
  async closeByOperator({ appId, channel, provider }: ProviderAccount): Promise<Date> {
    const [row] = await CLOSE_BY_OPERATOR.rows(this.sql, { appId, channel, provider });
    return row?.released_at ?? new Date();
  }

  /** Whether an operator has closed the breaker within the last minutes. */
  async wasClosedByOperator(
    { appId, channel, provider }: ProviderAccount,
    withinMinutes: number,
  ): Promise<boolean> {
    return (await WAS_CLOSED_BY_OPERATOR.run(this.sql, { appId, channel, provider, withinMinutes })) === 1;
  }

  async release({ appId, channel, provider }: ProviderAccount): Promise<void> {
    await this.prisma.providerState.deleteMany({ where: { appId, channel, provider } });
  }

  /** Lets one delivery across all processes probe an account that is due, and no other for `leaseMs`. */
  async takeProbe(
    { appId, channel, provider }: ProviderAccount,
    deliveryId: string,
    leaseMs: number,
  ): Promise<boolean> {
    return (await TAKE_PROBE.run(this.sql, { appId, channel, provider, deliveryId, leaseMs })) === 1;
  }

  /** Lets another delivery probe at once, if this one still holds the probe. */
  async returnProbe({ appId, channel, provider }: ProviderAccount, deliveryId: string): Promise<void> {
    await RETURN_PROBE.run(this.sql, { appId, channel, provider, deliveryId });
  }

  /** Deletes accounts unused for `afterMs`, such as a push service that no longer exists. */
  async forget(afterMs: number): Promise<void> {
    await FORGET.run(this.sql, { afterMs });
  }
}
