import { createHash } from 'node:crypto';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import {
  ProviderStates,
  type Account,
  type HeldAccount,
  type NewHold,
} from '../deliveries/provider-states.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type SendResult,
} from '../domain/outcome.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { FailureStreaks } from './failure-streaks.js';
import type { Passenger } from './passenger.js';
import { Passes } from './passes.js';

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

interface Hold {
  readonly account: Account;
  readonly state: HeldAccount['state'];
  /** End of a pause, and when a probe may be made: by `performance.now()`, which no step of the clock moves. */
  readonly until: number;
  readonly probeAt: number;
  readonly failures: number;
  readonly failedAddress: string | null;
  /** When the database had it; unset: not yet. */
  readonly recordedAt?: number;
}

const keyOf = ({ appId, channel, provider }: Account): string => `${appId} ${channel} ${provider}`;
/** The name in the metrics. The origins of push services are left out: clients name them, so there may be any number. */
const shownAs = (provider: string): string => provider.replace(/(:webpush):.*/, '$1');
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
export class ProviderGate implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly holds = new Map<string, Hold>();
  private readonly failures = new FailureStreaks(FAILURES_TO_OPEN, ADDRESSES_TO_OPEN);
  /** Refusals for a quota that may be the address's own. */
  private readonly refusals = new FailureStreaks(FAILURES_TO_OPEN, ADDRESSES_TO_OPEN);
  private readonly passes = new Passes();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly states: ProviderStates,
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
  waitFor(account: Account, { deliveryId, isUrgent }: Omit<Passenger, 'address'>): number {
    const key = keyOf(account);
    const hold = this.holds.get(key);
    if (!hold || (isUrgent && this.passes.mayPass(key, hold.state, deliveryId))) return 0;
    return spread(timeLeft(hold));
  }

  /**
   * Lets a delivery go, or says how long it has to wait, in whole milliseconds. What was let go must `learn` how it
   * ended where the vendor was called, and must `leave` in any case.
   */
  async admit(account: Account, passenger: Passenger): Promise<number> {
    const key = keyOf(account);
    const hold = this.holds.get(key);
    if (!hold) return 0;
    if (hold.state === 'paused' && hold.until <= performance.now()) {
      await this.release(account);
      return 0;
    }
    const isLast = hold.failedAddress !== null && hold.failedAddress === digestOf(passenger.address);
    const leftMs = timeLeft(hold, isLast ? OTHERS_FIRST_MS : 0);
    if (leftMs > 0) return this.pass(account, passenger) ? 0 : spread(leftMs);
    // Before the database is asked: no other delivery of this process need ask as well.
    this.holds.set(key, { ...hold, probeAt: performance.now() + SPREAD_MS });
    const isProbe = await this.states.takeProbe(account, passenger.deliveryId, PROBE_MS).catch(() => false);
    if (!isProbe) return this.pass(account, passenger) ? 0 : spread(SPREAD_MS / 2);
    const held = this.holds.get(key);
    if (held) this.holds.set(key, { ...held, probeAt: performance.now() + PROBE_MS });
    this.passes.give(passenger.deliveryId, account, key, 'probing');
    return 0;
  }

  /** Learns from how a call to the vendor ended. */
  async learn(account: Account, ended: SendResult | Error, passenger: Passenger): Promise<void> {
    const key = keyOf(account);
    if (ended instanceof ProviderOverQuota) {
      const isOfAccount =
        !ended.addressOnly || (ended.maybeAccount && this.refusals.add(key, passenger.address));
      if (isOfAccount) await this.pause(account, ended.retryAfterMs ?? PAUSE_MS, passenger);
      return;
    }
    if (ended instanceof ProviderUnavailable) {
      if (!ended.addressOnly) await this.countFailure(account, ended, passenger);
      return;
    }
    // A fault of ours says nothing of the vendor; whatever else it is, the vendor has answered.
    if (ended instanceof Error && !(ended instanceof ProviderMisconfigured)) return;
    this.failures.end(key);
    this.refusals.end(key);
    const hold = this.holds.get(key);
    if (!hold) return;
    const wasLetThrough = this.passes.of(passenger.deliveryId, key) !== undefined;
    // What was under way when the account was paused says nothing of its quota, and neither do wrong credentials.
    if (hold.state === 'paused' && (!wasLetThrough || ended instanceof Error)) return;
    this.passes.spend(passenger.deliveryId, key);
    await this.release(account);
  }

  /** A delivery is through: a probe that has decided nothing is left to another delivery at once. */
  async leave(deliveryId: string): Promise<void> {
    for (const { account, key, as } of this.passes.take(deliveryId)) {
      if (as !== 'probing') continue;
      const hold = this.holds.get(key);
      if (hold) this.holds.set(key, { ...hold, probeAt: performance.now() });
      await this.states.returnProbe(account, deliveryId).catch(() => undefined);
    }
  }

  /** Lets a ring through an account that is held. */
  private pass(account: Account, { deliveryId, isUrgent }: Passenger): boolean {
    const key = keyOf(account);
    const hold = this.holds.get(key);
    const passes = !hold || (isUrgent && this.passes.mayPass(key, hold.state, deliveryId));
    if (hold && passes) this.passes.give(deliveryId, account, key, 'passing');
    return passes;
  }

  private async countFailure(
    account: Account,
    { retryAfterMs = 0, isUnreached }: ProviderUnavailable,
    passenger: Passenger,
  ): Promise<void> {
    const key = keyOf(account);
    const hold = this.holds.get(key);
    const isOpen = hold?.state === 'open';
    const isVerdict = isOpen && this.passes.of(passenger.deliveryId, key) === 'probing';
    if (!isVerdict) {
      // What was under way when it was opened fails as well, and says nothing new.
      if (isOpen) return;
      if (!this.failures.add(key, passenger.address, isUnreached)) return;
    }
    const failures = (isOpen ? hold.failures : 0) + 1;
    const openMs = Math.min(MAX_OPEN_MS, OPEN_MS * 2 ** Math.min(failures - 1, 10));
    const forMs = Math.max(openMs, Math.min(retryAfterMs, PAUSE_PROBE_MS));
    const failedAddress = isUnreached ? null : digestOf(passenger.address);
    const opened = { state: 'open', remainingMs: forMs, probeInMs: forMs, failures } as const;
    await this.hold(account, { ...opened, failedAddress, isVerdict }, passenger.deliveryId);
  }

  private async pause(account: Account, askedMs: number, passenger: Passenger): Promise<void> {
    const key = keyOf(account);
    const hold = this.holds.get(key);
    const isVerdict = this.passes.of(passenger.deliveryId, key) === 'probing';
    if (hold?.state === 'open' && !isVerdict) return;
    const failures = isVerdict && hold?.state === 'paused' ? hold.failures + 1 : (hold?.failures ?? 0);
    const forMs = Math.min(askedMs, MAX_PAUSE_MS);
    const probeInMs = Math.min(forMs, PAUSE_PROBE_MS * 2 ** Math.min(failures, 10));
    const failedAddress = digestOf(passenger.address);
    const paused = { state: 'paused', remainingMs: forMs, probeInMs, failures } as const;
    await this.hold(account, { ...paused, failedAddress, isVerdict }, passenger.deliveryId);
  }

  private async hold(account: Account, found: NewHold, deliveryId: string): Promise<void> {
    const key = keyOf(account);
    const { state, remainingMs, probeInMs, failures, failedAddress, isVerdict } = found;
    if (isVerdict) this.passes.spend(deliveryId, key);
    const now = performance.now();
    // Of what was under way when a pause began, the longest word stands, and the probe is not put off.
    const before = isVerdict ? undefined : this.holds.get(key);
    const until = Math.max(before?.until ?? 0, now + remainingMs);
    const probeAt = before && before.probeAt > now ? before.probeAt : now + probeInMs;
    this.holds.set(key, { account, state, until, probeAt, failures, failedAddress });
    this.passes.startOver(key);
    this.show(account);
    const forMs = Math.round(remainingMs);
    this.logger.warn({ ...account, state, forMs, times: failures }, 'provider.held');
    // The others find out a moment later where the database is away; this process knows.
    const isRecorded = await this.states.hold(account, found).then(
      () => true,
      () => false,
    );
    const hold = this.holds.get(key);
    if (hold && isRecorded) this.holds.set(key, { ...hold, recordedAt: performance.now() });
  }

  private async release(account: Account): Promise<void> {
    this.drop(account);
    this.logger.info({ ...account }, 'provider.released');
    await this.states.release(account).catch(() => undefined);
  }

  private drop(account: Account): void {
    this.holds.delete(keyOf(account));
    this.passes.startOver(keyOf(account));
    this.show(account);
  }

  /** Takes over what other processes have found out. While the database is away, what is known here stands. */
  private async refresh(): Promise<void> {
    const askedAt = performance.now();
    const held = await this.states.held().catch(() => undefined);
    if (!held) return;
    const now = performance.now();
    const known = new Set(held.map(keyOf));
    for (const [key, { account, until, probeAt, recordedAt }] of this.holds) {
      // Released by somebody else; unless it was held here a moment ago and the database does not know yet.
      if (!known.has(key) && (recordedAt ?? Math.max(until, probeAt)) < askedAt) this.drop(account);
    }
    for (const { appId, channel, provider, ...found } of held) {
      const account = { appId, channel, provider };
      const key = keyOf(account);
      const before = this.holds.get(key);
      if (before && (before.recordedAt ?? Infinity) > askedAt) continue;
      const { state, failures, failedAddress } = found;
      if (before?.failures !== failures) this.passes.startOver(key);
      const until = now + found.remainingMs;
      const probeAt = now + found.probeInMs;
      this.holds.set(key, { account, state, until, probeAt, failures, failedAddress, recordedAt: now });
      this.show(account);
    }
  }

  private show({ appId, channel, provider }: Account): void {
    const shown = shownAs(provider);
    let value = 0;
    for (const { account, state } of this.holds.values()) {
      if (account.appId !== appId || account.channel !== channel || shownAs(account.provider) !== shown)
        continue;
      value = Math.max(value, { paused: 1, open: 2 }[state]);
    }
    this.metrics.providerState.set({ app: appId, channel, provider: shown }, value);
  }
}

/** The time until a held account may be probed, or is no longer paused. */
function timeLeft({ state, until, probeAt }: Hold, laterMs = 0): number {
  const at = probeAt + laterMs;
  return (state === 'paused' ? Math.min(at, until) : at) - performance.now();
}

function spread(leftMs: number): number {
  return leftMs <= 0 ? 0 : Math.ceil(leftMs + Math.random() * Math.min(leftMs, SPREAD_MS));
}
