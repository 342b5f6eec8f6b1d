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
import { addToCounters, withAppLock, readCounters, takeBack, type CountedStep } from './counters.sql.js';
import { limitsOf, windowAt, type GuardedSms, type Limit } from './limits-of.js';
import { priceOf, type Price } from './price-of.js';

/** The counted steps of one SMS, which can be released. */
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
      /** Name of the setting. */
      readonly limit: string;
    };

interface PendingReservation {
  readonly sms: GuardedSms;
  readonly cost: Price | null;
  readonly limits: readonly Limit[];
}

interface GuardOfApp {
  readonly settings: SmsGuardSettings;
  readonly reservations: Batcher<PendingReservation, Reserved>;
  readonly releases: Batcher<Reservation, undefined>;
  /** When `sms.limit_overrun` was last logged. */
  overrunLoggedAt: number;
}

/** One batch at a time, so that requests keep their order. */
const BATCH = { maxItems: 250, maxCalls: 1 };
const OVERRUN_LOG_INTERVAL_MS = 60_000;
/** Logged characters of a prefix, including the plus: enough to identify country and network. */
const LOGGED_PREFIX_LENGTH = 5;

/**
 * Enforces the limits of `sms.guard`: an SMS is counted under all of its limits at once before it is sent, or it is not
 * sent.
 *
 * The counters are in PostgreSQL. The reservations of an app are made one batch at a time under a lock that spans all
 * processes; requests that arrive during a batch form the next one. So limits are exact under concurrency, and a burst
 * costs a few statements (ADR 0021). A limit counts from the day on which it is set; one in money counts only SMS with a
 * price. Windows: `windowAt`.
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
   * Counts an SMS before it is sent. Every attempt counts as one.
   *
   * @throws Error of the driver if the database is unavailable: an SMS that is not counted is not sent. If the connection
   *   breaks during the commit, the SMS may stay counted.
   */
  async reserve(sms: GuardedSms): Promise<Reserved> {
    const guard = this.guards.get(sms.appId);
    if (!guard) throw new Error(`There is no app ${sms.appId}.`);
    const cost = priceOf(guard.settings, sms.provider, sms.country, sms.segments);
    const limits = limitsOf(guard.settings, sms, cost);
    if (limits.length === 0) return { allowed: true, reservation: { text: sms, cost, counted: [] }, cost };
    return guard.reservations.run({ sms, cost, limits });
  }

  /** Releases a reservation. Call it once, and only if the vendor has certainly not taken the SMS. */
  async release(reservation: Reservation): Promise<void> {
    if (reservation.counted.length === 0) return;
    await this.guards.get(reservation.text.appId)?.releases.run(reservation);
  }

  /** Adds an SMS to the cost metrics: the vendor has taken it, or may have. */
  spent({ text: { appId: app, provider, country: known, segments }, cost }: Reservation): void {
    const country = known ?? '';
    this.metrics.smsSegments.inc({ app, provider, country }, segments);
    if (cost)
      this.metrics.smsCost.inc({ app, provider, country, currency: cost.currency }, cost.micros / 1e6);
  }

  private guardOf(appId: string, settings: SmsGuardSettings): GuardOfApp {
    const guard: GuardOfApp = {
      settings,
      reservations: new Batcher(
        (batch: readonly PendingReservation[]) => this.reserveAll(appId, guard, batch),
        BATCH,
      ),
      releases: new Batcher((given: readonly Reservation[]) => this.releaseAll(appId, given), BATCH),
      overrunLoggedAt: -Infinity,
    };
    return guard;
  }

  private async reserveAll(
    appId: string,
    guard: GuardOfApp,
    batch: readonly PendingReservation[],
  ): Promise<Reserved[]> {
    const { stoppedBy, raised, now } = await withAppLock(this.sql, appId, (client, time) =>
      this.count(client, appId, guard, batch, time),
    );
    // Only after the commit: after a failed batch the next one raises the same events.
    for (const event of raised) this.log(appId, guard, event);
    return batch.map(({ sms, cost, limits }, index) => {
      const limit = stoppedBy[index];
      if (limit) return this.stopped(appId, limit);
      const costMicros = cost?.micros ?? 0;
      const counted = limits.map((own) => ({ ...stepOf(own, now), texts: 1, costMicros }));
      return { allowed: true, reservation: { text: sms, cost, counted }, cost };
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
    // Under the same lock as reservations, so that the two cannot deadlock on rows.
    return withAppLock(this.sql, appId, async (client) => {
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

  /** Names neither user nor conversation; the ledger records which SMS were stopped. */
  private log(appId: string, guard: GuardOfApp, { what, limit, used }: Raised): void {
    const { name, scope, key, unit, most } = limit;
    const facts = {
      appId,
      limit: name,
      ...(unit === 'texts'
        ? { used, of: most }
        : { used: used / 1e6, of: most / 1e6, currency: guard.settings.currency }),
      ...(scope === 'prefix' ? { prefix: `${key.slice(0, LOGGED_PREFIX_LENGTH)}…` } : {}),
    };
    switch (what) {
      case 'near':
        return this.logger.warn(facts, 'sms.limit_near');
      case 'stopped':
        return this.logger.error(facts, scope === 'prefix' ? 'sms.pumping_suspected' : 'sms.limit_reached');
      case 'overrun':
        if (performance.now() - guard.overrunLoggedAt < OVERRUN_LOG_INTERVAL_MS) return;
        guard.overrunLoggedAt = performance.now();
        return this.logger.warn(facts, 'sms.limit_overrun');
    }
  }
}

function stepOf({ scope, key, span }: Limit, now: Date): Pick<CountedStep, 'scope' | 'key' | 'windowStart'> {
  return { scope, key, windowStart: windowAt(span, now).start };
}
