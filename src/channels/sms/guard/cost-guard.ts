import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Logger } from '../../../platform/logging/logger.js';
import type { Reason } from '../../../domain/reason.js';
import { Batcher } from '../../../platform/batching/batcher.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import type { SmsGuardSettings } from '../../../platform/config/sms-settings.js';
import { Sql } from '../../../platform/database/database.module.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import { applyReservations, counterId, type Applied, type Raised } from './apply-reservations.js';
import { addToCounters, inTurn, readCounters, takeBack, type CountedStep } from './counters.sql.js';
import { limitsOf, windowAt, type GuardedSms, type Limit } from './limits-of.js';
import { priceOf, type Price } from './price-of.js';

/** What was counted for one text, so that it can be given back. */
export interface Reservation {
  readonly text: GuardedSms;
  readonly cost: Price | null;
  readonly counted: readonly CountedStep[];
}

export type Reserved =
  | { readonly allowed: true; readonly reservation: Reservation; readonly cost: Price | null }
  | {
      readonly allowed: false;
      readonly reason: Extract<Reason, 'limit_reached' | 'pumping_suspected'>;
      /** As the settings call it. */
      readonly limit: string;
    };

interface PendingReservation {
  readonly text: GuardedSms;
  readonly cost: Price | null;
  readonly limits: readonly Limit[];
}

interface GuardOfApp {
  readonly settings: SmsGuardSettings;
  readonly reservations: Batcher<PendingReservation, Reserved>;
  readonly releases: Batcher<Reservation, undefined>;
  /** When it was last told that the broken glass let something through. */
  overrunToldAt: number;
}

/** One turn at a time, so that those who wait keep their order. */
const BATCH = { maxItems: 250, maxCalls: 1 };
const OVERRUN_TOLD_EVERY_MS = 60_000;
/** Characters of a prefix, the plus included, by which its country and network are known. */
const SHOWN_OF_PREFIX = 5;

/**
 * Keeps the bill within the limits of `sms.guard`: a text is counted before it is sent, under all of its limits at
 * once, or it is not sent.
 *
 * The counters are in PostgreSQL. The reservations of one app are made one batch at a time, under a lock that spans
 * all processes: what arrives while a batch is being written makes up the next. So a limit holds to the last text
 * whatever runs at the same time, and a burst costs a few statements (ADR 0021). A limit counts from the day on which
 * it is set; one in money counts texts that have a price. Windows: `windowAt`.
 */
@Injectable()
export class CostGuard {
  private readonly guards: ReadonlyMap<string, GuardOfApp>;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    config: GatewayConfig,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.guards = new Map(config.apps.map(({ appId, sms }) => [appId, this.guardOf(appId, sms.guard)]));
  }

  /**
   * Counts a text that is about to be given to a vendor. Every attempt is a text of its own.
   *
   * @throws Error of the driver where the database is away: what is not counted is not sent. Where the connection
   *   broke at the very end the text may have been counted, and is not given back.
   */
  async reserve(text: GuardedSms): Promise<Reserved> {
    const guard = this.guards.get(text.appId);
    if (!guard) throw new Error(`There is no app ${text.appId}.`);
    const cost = priceOf(guard.settings, text.provider, text.country, text.segments);
    const limits = limitsOf(guard.settings, text, cost);
    if (limits.length === 0) return { allowed: true, reservation: { text, cost, counted: [] }, cost };
    return guard.reservations.run({ text, cost, limits });
  }

  /** Gives a reservation back, once: its text has certainly not been taken by the vendor. */
  async release(reservation: Reservation): Promise<void> {
    if (reservation.counted.length === 0) return;
    await this.guards.get(reservation.text.appId)?.releases.run(reservation);
  }

  /** Shows in the metrics what a text has cost: the vendor has taken it, or may have. */
  spent({ text: { appId: app, provider, country, segments }, cost }: Reservation): void {
    this.metrics.smsSegments.inc({ app, provider, country: country ?? '' }, segments);
    if (cost) this.metrics.smsCost.inc({ app, provider, currency: cost.currency }, cost.micros / 1e6);
  }

  private guardOf(appId: string, settings: SmsGuardSettings): GuardOfApp {
    const guard: GuardOfApp = {
      settings,
      reservations: new Batcher(
        (batch: readonly PendingReservation[]) => this.reserveAll(appId, guard, batch),
        BATCH,
      ),
      releases: new Batcher((given: readonly Reservation[]) => this.releaseAll(appId, given), BATCH),
      overrunToldAt: -Infinity,
    };
    return guard;
  }

  private async reserveAll(
    appId: string,
    guard: GuardOfApp,
    batch: readonly PendingReservation[],
  ): Promise<Reserved[]> {
    const { stoppedBy, raised, now } = await inTurn(this.sql, appId, (client, time) =>
      this.count(client, appId, guard, batch, time),
    );
    // Not before it is written: what a failed batch would have raised, the next one does.
    for (const event of raised) this.tell(appId, guard, event);
    return batch.map(({ text, cost, limits }, index) => {
      const limit = stoppedBy[index];
      if (limit) return this.stopped(appId, limit);
      const costMicros = cost?.micros ?? 0;
      const counted = limits.map((own) => ({ ...stepOf(own, now), texts: 1, costMicros }));
      return { allowed: true, reservation: { text, cost, counted }, cost };
    });
  }

  private async count(
    client: pg.PoolClient,
    appId: string,
    { settings }: GuardOfApp,
    batch: readonly PendingReservation[],
    now: Date,
  ): Promise<Applied & { readonly now: Date }> {
    const limits = new Map(batch.flatMap((item) => item.limits).map((limit) => [counterId(limit), limit]));
    const windows = [...limits.values()].map((limit) => ({ ...limit, ...windowAt(limit.span, now) }));
    const counters = await readCounters(client, appId, windows);
    const known = new Map([...limits.keys()].map((id, index) => [id, counters[index]]));
    const requests = batch.map((item) => ({ limits: item.limits, costMicros: item.cost?.micros ?? 0 }));
    const applied = applyReservations(known, requests, settings.breakGlass);
    const changes = applied.changes.map(({ limit, ...change }) => ({ ...stepOf(limit, now), ...change }));
    if (changes.length > 0) await addToCounters(client, appId, changes);
    return { ...applied, now };
  }

  private releaseAll(appId: string, reservations: readonly Reservation[]): Promise<undefined[]> {
    // In turn with the reservations, so that their rows and these are never waited for in a circle.
    return inTurn(this.sql, appId, async (client) => {
      const steps = reservations.flatMap(({ counted }) => counted);
      await takeBack(client, appId, steps);
      return reservations.map(() => undefined);
    });
  }

  private stopped(app: string, { name, scope }: Limit): Reserved {
    this.metrics.smsGuardStopped.inc({ app, limit: name });
    if (scope !== 'prefix') return { allowed: false, reason: 'limit_reached', limit: name };
    this.metrics.lastPumping.set({ app }, Date.now() / 1_000);
    return { allowed: false, reason: 'pumping_suspected', limit: name };
  }

  /** No person and no conversation is named: which texts were stopped is in the ledger. */
  private tell(appId: string, guard: GuardOfApp, { what, limit, used }: Raised): void {
    const { name, scope, key, unit, most } = limit;
    const facts = {
      appId,
      limit: name,
      ...(unit === 'texts'
        ? { used, of: most }
        : { used: used / 1e6, of: most / 1e6, currency: guard.settings.currency }),
      ...(scope === 'prefix' ? { prefix: `${key.slice(0, SHOWN_OF_PREFIX)}…` } : {}),
    };
    switch (what) {
      case 'near':
        return this.logger.warn(facts, 'sms.limit_near');
      case 'stopped':
        return this.logger.error(facts, scope === 'prefix' ? 'sms.pumping_suspected' : 'sms.limit_reached');
      case 'overrun':
        if (performance.now() - guard.overrunToldAt < OVERRUN_TOLD_EVERY_MS) return;
        guard.overrunToldAt = performance.now();
        return this.logger.warn(facts, 'sms.limit_overrun');
    }
  }
}

function stepOf({ scope, key, span }: Limit, now: Date): Pick<CountedStep, 'scope' | 'key' | 'windowStart'> {
  return { scope, key, windowStart: windowAt(span, now).start };
}
