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
  type OpenBreaker,
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
import { BreakerPermits } from './breaker-permits.js';

/** Consecutive failures in one process, and different addresses among them, that open an account. */
const FAILURES_TO_OPEN = 10;
const ADDRESSES_TO_OPEN = 3;
/** The first open interval; each failed probe doubles it. */
const OPEN_MS = 2_000;
const MAX_OPEN_MS = 30_000;
/** How long a delivery has for its probe before another one may probe as well. */
const PROBE_MS = 3_000;
/** How long the address of the last failure leaves the probe to others. */
const OTHERS_FIRST_MS = 1_000;
/** The pause of an account that is over quota and names no time, and the longest one. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** A pause that is longer than this is probed after it; each failed probe doubles the interval. */
const PAUSE_PROBE_MS = 5_000;
/** How often each process asks what the others have found out. */
const REFRESH_MS = 1_000;
/** Deliveries that wait come back within this time after the moment for which they wait, spread at random. */
const SPREAD_MS = 1_000;
const FORGET_MS = 3_600_000;

interface BreakerEntry {
  readonly account: ProviderAccount;
  readonly state: OpenBreaker['state'];
  /** End of a pause, and when a probe may be made: by `performance.now()`, which no step of the clock moves. */
  readonly until: number;
  readonly probeAt: number;
  readonly failures: number;
  readonly failedAddress: string | null;
  /** When the database had it; unset: not yet. */
  readonly recordedAt?: number;
}

const keyOf = ({ appId, channel, provider }: ProviderAccount): string => `${appId} ${channel} ${provider}`;
/** The name in the metrics. The origins of push services are left out: clients name them, so there may be any number. */
const metricLabelOf = (provider: string): string => provider.replace(/(:webpush):.*/, '$1');
const digestOf = (address: string): string =>
  createHash('sha256').update(address).digest('base64url').slice(0, 16);

/**
 * A circuit breaker and a brake for each account, over all processes.
 *
 * Opens after ten consecutive failures of at least three addresses, half-opens for a single probe, and doubles the
 * open interval if the probe fails. An account over quota is paused for as long as it asks, up to a minute. Meanwhile
 * its deliveries wait: they use up no attempt. Rings pass a pause, and each once an open breaker.
 */
@Injectable()
export class ProviderCircuitBreaker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly entries = new Map<string, BreakerEntry>();
  private readonly failures = new FailureStreaks(FAILURES_TO_OPEN, ADDRESSES_TO_OPEN);
  /** Refusals for a quota that may be the address's own. */
  private readonly refusals = new FailureStreaks(FAILURES_TO_OPEN, ADDRESSES_TO_OPEN);
  private readonly permits = new BreakerPermits();
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

  /** How long a delivery has to wait at the least before it need be claimed, in whole milliseconds; 0: it may try. */
  waitFor(account: ProviderAccount, { deliveryId, isUrgent }: Omit<GuardedDelivery, 'address'>): number {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    if (!entry || (isUrgent && this.permits.mayBypass(key, entry.state, deliveryId))) return 0;
    return spread(timeLeft(entry));
  }

  /**
   * Lets a delivery go, or says how long it has to wait, in whole milliseconds. What was let go must `recordOutcome` how it
   * ended where the vendor was called, and must `returnPermit` in any case.
   */
  async acquire(account: ProviderAccount, guarded: GuardedDelivery): Promise<number> {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    if (!entry) return 0;
    if (entry.state === 'paused' && entry.until <= performance.now()) {
      await this.release(account);
      return 0;
    }
    const isLast = entry.failedAddress !== null && entry.failedAddress === digestOf(guarded.address);
    const leftMs = timeLeft(entry, isLast ? OTHERS_FIRST_MS : 0);
    if (leftMs > 0) return this.permit(account, guarded) ? 0 : spread(leftMs);
    // Before the database is asked: no other delivery of this process need ask as well.
    this.entries.set(key, { ...entry, probeAt: performance.now() + SPREAD_MS });
    const isProbe = await this.states.takeProbe(account, guarded.deliveryId, PROBE_MS).catch(() => false);
    if (!isProbe) return this.permit(account, guarded) ? 0 : spread(SPREAD_MS / 2);
    const held = this.entries.get(key);
    if (held) this.entries.set(key, { ...held, probeAt: performance.now() + PROBE_MS });
    this.permits.give(guarded.deliveryId, account, key, 'probing');
    return 0;
  }

  /** Learns from how a call to the vendor ended. */
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
    // A fault of ours says nothing of the vendor; whatever else it is, the vendor has answered.
    if (ended instanceof Error && !(ended instanceof ProviderMisconfigured)) return;
    this.failures.end(key);
    this.refusals.end(key);
    const entry = this.entries.get(key);
    if (!entry) return;
    const wasLetThrough = this.permits.of(guarded.deliveryId, key) !== undefined;
    // What was under way when the account was paused says nothing of its quota, and neither do wrong credentials.
    if (entry.state === 'paused' && (!wasLetThrough || ended instanceof Error)) return;
    this.permits.spend(guarded.deliveryId, key);
    await this.release(account);
  }

  /** A delivery is through: a probe that has decided nothing is left to another delivery at once. */
  async returnPermit(deliveryId: string): Promise<void> {
    for (const { account, key, as } of this.permits.take(deliveryId)) {
      if (as !== 'probing') continue;
      const entry = this.entries.get(key);
      if (entry) this.entries.set(key, { ...entry, probeAt: performance.now() });
      await this.states.returnProbe(account, deliveryId).catch(() => undefined);
    }
  }

  /** Lets a ring through an account that is held. */
  private permit(account: ProviderAccount, { deliveryId, isUrgent }: GuardedDelivery): boolean {
    const key = keyOf(account);
    const entry = this.entries.get(key);
    const permits = !entry || (isUrgent && this.permits.mayBypass(key, entry.state, deliveryId));
    if (entry && permits) this.permits.give(deliveryId, account, key, 'passing');
    return permits;
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
      // What was under way when it was opened fails as well, and says nothing new.
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
    // Of what was under way when a pause began, the longest word stands, and the probe is not put off.
    const before = isVerdict ? undefined : this.entries.get(key);
    const until = Math.max(before?.until ?? 0, now + remainingMs);
    const probeAt = before && before.probeAt > now ? before.probeAt : now + probeInMs;
    this.entries.set(key, { account, state, until, probeAt, failures, failedAddress });
    this.permits.startOver(key);
    this.publishState(account);
    const forMs = Math.round(remainingMs);
    this.logger.warn({ ...account, state, forMs, times: failures }, 'provider.breaker_opened');
    // The others find out a moment later where the database is away; this process knows.
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
    this.permits.startOver(keyOf(account));
    this.publishState(account);
  }

  /** Takes over what other processes have found out. While the database is away, what is known here stands. */
  private async refresh(): Promise<void> {
    const askedAt = performance.now();
    const held = await this.states.held().catch(() => undefined);
    if (!held) return;
    const now = performance.now();
    const known = new Set(held.map(keyOf));
    for (const [key, { account, until, probeAt, recordedAt }] of this.entries) {
      // Released by somebody else; unless it was held here a moment ago and the database does not know yet.
      if (!known.has(key) && (recordedAt ?? Math.max(until, probeAt)) < askedAt) this.clear(account);
    }
    for (const { appId, channel, provider, ...found } of held) {
      const account = { appId, channel, provider };
      const key = keyOf(account);
      const before = this.entries.get(key);
      if (before && (before.recordedAt ?? Infinity) > askedAt) continue;
      const { state, failures, failedAddress } = found;
      if (before?.failures !== failures) this.permits.startOver(key);
      const until = now + found.remainingMs;
      const probeAt = now + found.probeInMs;
      this.entries.set(key, { account, state, until, probeAt, failures, failedAddress, recordedAt: now });
      this.publishState(account);
    }
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

/** The time until a held account may be probed, or is no longer paused. */
function timeLeft({ state, until, probeAt }: BreakerEntry, laterMs = 0): number {
  const at = probeAt + laterMs;
  return (state === 'paused' ? Math.min(at, until) : at) - performance.now();
}

function spread(leftMs: number): number {
  return leftMs <= 0 ? 0 : Math.ceil(leftMs + Math.random() * Math.min(leftMs, SPREAD_MS));
}
