import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '../domain/notification.js';
import { Prisma, Sql } from '../platform/database/database.module.js';
import {
  FORGET,
  HELD,
  HOLD,
  RELEASE_BY_HAND,
  RETURN_PROBE,
  TAKE_PROBE,
  WAS_RELEASED_BY_HAND,
} from './sql/provider-state.sql.js';

/** An app's account with a vendor. */
export interface ProviderAccount {
  readonly appId: string;
  readonly channel: Channel;
  /** The provider's id in the configuration; the circuit breaker appends a device kind or a country. */
  readonly provider: string;
}

/** An account that is to be left alone: because it failed too often, or because it asked for that. */
export interface OpenBreaker extends ProviderAccount {
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
export interface BreakerTrip extends Omit<OpenBreaker, keyof ProviderAccount> {
  /** A probe has decided: whatever was known before is out of date. */
  readonly isVerdict: boolean;
}

/** What every process has to know of the vendors' state. An account that is well has no row. */
@Injectable()
export class ProviderStateRepository {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  held(): Promise<OpenBreaker[]> {
    return HELD.rows(this.sql, {});
  }

  /** Of two processes' findings the longer stands, and a failing account is not called a pausing one. */
  async trip({ appId, channel, provider }: ProviderAccount, trip: BreakerTrip): Promise<void> {
    const remainingMs = Math.round(trip.remainingMs);
    const probeInMs = Math.round(trip.probeInMs);
    await HOLD.run(this.sql, { ...trip, appId, channel, provider, remainingMs, probeInMs });
  }

  /** An operator has said that the account is well: nothing is held against it any more. */
  async closeByOperator({ appId, channel, provider }: ProviderAccount): Promise<Date> {
    const [row] = await RELEASE_BY_HAND.rows(this.sql, { appId, channel, provider });
    return row?.released_at ?? new Date();
  }

  /** Whether an operator has said so within the last minutes. */
  async wasClosedByOperator(
    { appId, channel, provider }: ProviderAccount,
    withinMinutes: number,
  ): Promise<boolean> {
    return (await WAS_RELEASED_BY_HAND.run(this.sql, { appId, channel, provider, withinMinutes })) === 1;
  }

  async release({ appId, channel, provider }: ProviderAccount): Promise<void> {
    await this.prisma.providerState.deleteMany({ where: { appId, channel, provider } });
  }

  /** Lets one delivery, over all processes, probe an account whose time has come; no other one for `leaseMs`. */
  async takeProbe(
    { appId, channel, provider }: ProviderAccount,
    deliveryId: string,
    leaseMs: number,
  ): Promise<boolean> {
    return (await TAKE_PROBE.run(this.sql, { appId, channel, provider, deliveryId, leaseMs })) === 1;
  }

  /** Lets another delivery probe at once, where this one still holds the probe. */
  async returnProbe({ appId, channel, provider }: ProviderAccount, deliveryId: string): Promise<void> {
    await RETURN_PROBE.run(this.sql, { appId, channel, provider, deliveryId });
  }

  /** Forgets accounts that nothing was sent through for long, such as a push service that is no more. */
  async forget(afterMs: number): Promise<void> {
    await FORGET.run(this.sql, { afterMs });
  }
}
