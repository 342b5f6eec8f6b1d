import { createHash } from 'node:crypto';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import {
  ProviderStateRepository,
  type ProviderAccount,
  type BreakerTrip,
} from '../deliveries/provider-state.repository.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type SendResult,
} from '../domain/outcome.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { FailureStreaks } from './failure-streaks.js';
import type { GuardedDelivery } from './guarded-delivery.js';
import { timeLeft, type BreakerEntry } from './breaker-entry.js';
import { BreakerPermits } from './breaker-permits.js';
import { StaggeredWaits } from './staggered-waits.js';

export const BREAKER_OPEN = 'the circuit breaker of the provider account is open';

/** Consecutive failures in one process, and different addresses among them, that open an account. */
const FAILURES_TO_OPEN = 10;
const ADDRESSES_TO_OPEN = 3;
/** The first open interval; each failed probe doubles it. */
const OPEN_MS = 2_000;
const MAX_OPEN_MS = 30_000;
/** Time limit of a probe, after which another delivery may probe. */
const PROBE_MS = 3_000;
/** Extra delay before the address of the last failure may probe, so that others go first. */
const OTHERS_FIRST_MS = 1_000;
/** The default pause of an account over quota, and the longest one. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** Delay of the first probe within a pause; each failed probe doubles it. */
const PAUSE_PROBE_MS = 5_000;
/** How often each process reads the states recorded by the others. */
const REFRESH_MS = 1_000;
/** Delay of a delivery that could not become the probe. */
const PROBE_TAKEN_MS = 500;
/** Interval of deleting old states, and their minimum age. */
const FORGET_MS = 3_600_000;

const keyOf = ({ appId, channel, provider }: ProviderAccount): string => `${appId} ${channel} ${provider}`;
/** Omits the origin of a Web Push service: clients choose it, so the number of labels would be unbounded. */
const metricLabelOf = (provider: string): string => provider.replace(/(:webpush):.*/, '$1');
const digestOf = (address: string): string =>
  createHash('sha256').update(address).digest('base64url').slice(0, 16);

/**
 * A circuit breaker and a rate-limit pause for each account, shared by all processes.
 *
 * Opens after ten consecutive failures of at least three addresses, half-opens for a single probe, and doubles the
 * open interval if the probe fails. An account over quota is paused for as long as it asks, up to a minute. Waiting
 * deliveries use up no attempts. Rings bypass a pause, and an open breaker once each per interval.
 */
@Injectable()
export class ProviderCircuitBreaker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly entries = new Map<string, BreakerEntry>();
  private readonly failures = new FailureStreaks(FAILURES_TO_OPEN, ADDRESSES_TO_OPEN);
  /** Refusals over a quota that may belong to the address alone. */
  private readonly refusals = new FailureStreaks(FAILURES_TO_OPEN, ADDRESSES_TO_OPEN);
  private readonly permits = new BreakerPermits();
  private readonly waits = new StaggeredWaits();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly states: ProviderStateRepository,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    const forget = (): void => void this.states.forget(FORGET_MS).catch(() => undefined);
    this.timers.push(
      setInterval(() => void this.refresh(), REFRESH_MS).unref(),
      setInterval(forget, FORGET_MS).unref(),
    );
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }

  /** Minimum time before the delivery is worth claiming, in whole milliseconds; 0: now. */
  waitFor(account: ProviderAccount, { deliveryId, isUrgent }: Omit<GuardedDelivery, 'address'>): number {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    if (!entry || (isUrgent && this.permits.mayBypass(key, entry.state, deliveryId))) return 0;
    return this.waits.add(key, timeLeft(entry), isUrgent);
  }

  /**
   * Permits a send. The caller must `recordOutcome` if it called the vendor, and must `returnPermit` in any case.
   *
   * @returns 0, or the whole milliseconds to wait instead.
   */
  async acquire(account: ProviderAccount, guarded: GuardedDelivery): Promise<number> {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    if (!entry) return 0;
    if (entry.state === 'paused' && entry.until <= performance.now()) {
      await this.release(account);
      return 0;
    }
    const failedLast = entry.failedAddress !== null && entry.failedAddress === digestOf(guarded.address);
    const leftMs = timeLeft(entry, failedLast ? OTHERS_FIRST_MS : 0);
    if (leftMs > 0) return this.permit(account, guarded) ? 0 : this.waits.add(key, leftMs, guarded.isUrgent);
    // Set before the query, so that no other delivery of this process queries as well.
    this.entries.set(key, { ...entry, probeAt: performance.now() + REFRESH_MS });
    const isProbe = await this.states.takeProbe(account, guarded.deliveryId, PROBE_MS).catch(() => false);
    if (!isProbe)
      return this.permit(account, guarded) ? 0 : this.waits.add(key, PROBE_TAKEN_MS, guarded.isUrgent);
    const current = this.entries.get(key);
    if (current) this.entries.set(key, { ...current, probeAt: performance.now() + PROBE_MS });
    this.permits.give(guarded.deliveryId, account, key, 'probing');
    return 0;
  }

  /** Updates the account by the result of a call to the vendor. */
  async recordOutcome(
    account: ProviderAccount,
    ended: SendResult | Error,
    guarded: GuardedDelivery,
  ): Promise<void> {
    const key = keyOf(account);
    if (ended instanceof ProviderOverQuota) {
      const isOfAccount =
        !ended.addressOnly || (ended.maybeAccount && this.refusals.add(key, guarded.address));
      if (isOfAccount) await this.rateLimit(account, ended.retryAfterMs ?? PAUSE_MS, guarded);
      return;
    }
    if (ended instanceof ProviderUnavailable) {
      if (!ended.addressOnly) await this.countFailure(account, ended, guarded);
      return;
    }
    // An internal error does not concern the vendor; in all other cases the vendor has answered.
    if (ended instanceof Error && !(ended instanceof ProviderMisconfigured)) return;
    this.failures.end(key);
    this.refusals.end(key);
    const entry = this.entries.get(key);
    if (!entry) return;
    const hadPermit = this.permits.of(guarded.deliveryId, key) !== undefined;
    // Neither deliveries in flight when the pause began nor wrong credentials show that the quota is free again.
    if (entry.state === 'paused' && (!hadPermit || ended instanceof Error)) return;
    this.permits.spend(guarded.deliveryId, key);
    await this.release(account);
  }

  /** The delivery has ended: a probe without a result passes to another delivery immediately. */
  async returnPermit(deliveryId: string): Promise<void> {
    for (const { account, key, as } of this.permits.take(deliveryId)) {
      if (as !== 'probing') continue;
      const entry = this.entries.get(key);
      if (entry) this.entries.set(key, { ...entry, probeAt: performance.now() });
      await this.states.returnProbe(account, deliveryId).catch(() => undefined);
    }
  }

  /** Lets a ring bypass an open or paused account. */
  private permit(account: ProviderAccount, { deliveryId, isUrgent }: GuardedDelivery): boolean {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    const isAllowed = !entry || (isUrgent && this.permits.mayBypass(key, entry.state, deliveryId));
    if (entry && isAllowed) this.permits.give(deliveryId, account, key, 'bypassing');
    return isAllowed;
  }

  private async countFailure(
    account: ProviderAccount,
    { retryAfterMs = 0, isUnreached }: ProviderUnavailable,
    guarded: GuardedDelivery,
  ): Promise<void> {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    const isOpen = entry?.state === 'open';
    const isVerdict = isOpen && this.permits.of(guarded.deliveryId, key) === 'probing';
    if (!isVerdict) {
      // Deliveries in flight when the breaker opened fail for the same cause.
      if (isOpen) return;
      if (!this.failures.add(key, guarded.address, isUnreached)) return;
    }
    const failures = (isOpen ? entry.failures : 0) + 1;
    const openMs = Math.min(MAX_OPEN_MS, OPEN_MS * 2 ** Math.min(failures - 1, 10));
    const forMs = Math.max(openMs, Math.min(retryAfterMs, PAUSE_PROBE_MS));
    const failedAddress = isUnreached ? null : digestOf(guarded.address);
    const opened = { state: 'open', remainingMs: forMs, probeInMs: forMs, failures } as const;
    await this.trip(account, { ...opened, failedAddress, isVerdict }, guarded.deliveryId);
  }

  private async rateLimit(
    account: ProviderAccount,
    askedMs: number,
    guarded: GuardedDelivery,
  ): Promise<void> {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    const isVerdict = this.permits.of(guarded.deliveryId, key) === 'probing';
    if (entry?.state === 'open' && !isVerdict) return;
    const failures = isVerdict && entry?.state === 'paused' ? entry.failures + 1 : (entry?.failures ?? 0);
    const forMs = Math.min(askedMs, MAX_PAUSE_MS);
    const probeInMs = Math.min(forMs, PAUSE_PROBE_MS * 2 ** Math.min(failures, 10));
    const failedAddress = digestOf(guarded.address);
    const paused = { state: 'paused', remainingMs: forMs, probeInMs, failures } as const;
    await this.trip(account, { ...paused, failedAddress, isVerdict }, guarded.deliveryId);
  }

  private async trip(account: ProviderAccount, found: BreakerTrip, deliveryId: string): Promise<void> {
    const key = keyOf(account);
    const { state, remainingMs, probeInMs, failures, failedAddress, isVerdict } = found;
    if (isVerdict) this.permits.spend(deliveryId, key);
    const now = performance.now();
    // Deliveries in flight when a pause began may prolong it, but do not postpone the probe.
    const before = isVerdict ? undefined : this.entries.get(key);
    const until = Math.max(before?.until ?? 0, now + remainingMs);
    const probeAt = before && before.probeAt > now ? before.probeAt : now + probeInMs;
    this.entries.set(key, { account, state, until, probeAt, failures, failedAddress });
    this.startOver(key);
    this.publishState(account);
    const forMs = Math.round(remainingMs);
    this.logger.warn({ ...account, state, forMs, times: failures }, 'provider.breaker_opened');
    // While the database is unavailable only this process knows the state.
    const isRecorded = await this.states.trip(account, found).then(
      () => true,
      () => false,
    );
    const entry = this.entries.get(key);
    if (entry && isRecorded) this.entries.set(key, { ...entry, recordedAt: performance.now() });
  }

  private async release(account: ProviderAccount): Promise<void> {
    this.clear(account);
    this.logger.info({ ...account }, 'provider.breaker_closed');
    await this.states.release(account).catch(() => undefined);
  }

  private clear(account: ProviderAccount): void {
    this.entries.delete(keyOf(account));
    this.startOver(keyOf(account));
    this.publishState(account);
  }

  /** Reads the states recorded by other processes; keeps the current ones while the database is unavailable. */
  private async refresh(): Promise<void> {
    const readAt = performance.now();
    const recorded = await this.states.held().catch(() => undefined);
    if (!recorded) return;
    const now = performance.now();
    const known = new Set(recorded.map(keyOf));
    for (const [key, { account, until, probeAt, recordedAt }] of this.entries) {
      // Closed by another process, unless it was opened here and is not yet in the database.
      if (!known.has(key) && (recordedAt ?? Math.max(until, probeAt)) < readAt) this.clear(account);
    }
    for (const { appId, channel, provider, ...found } of recorded) {
      const account = { appId, channel, provider };
      const key = keyOf(account);
      const before = this.entries.get(key);
      if (before && (before.recordedAt ?? Infinity) > readAt) continue;
      const { state, failures, failedAddress } = found;
      if (before?.failures !== failures) this.startOver(key);
      const until = now + found.remainingMs;
      const probeAt = now + found.probeInMs;
      this.entries.set(key, { account, state, until, probeAt, failures, failedAddress, recordedAt: now });
      this.publishState(account);
    }
  }

  private startOver(key: string): void {
    this.permits.startOver(key);
    this.waits.startOver(key);
  }

  private publishState({ appId, channel, provider }: ProviderAccount): void {
    const shown = metricLabelOf(provider);
    let value = 0;
    for (const { account, state } of this.entries.values()) {
      if (account.appId !== appId || account.channel !== channel || metricLabelOf(account.provider) !== shown)
        continue;
      value = Math.max(value, { paused: 1, open: 2 }[state]);
    }
    this.metrics.providerState.set({ app: appId, channel, provider: shown }, value);
  }
}
