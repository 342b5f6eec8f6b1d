import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { ProviderStates, type Account, type HeldAccount } from '../deliveries/provider-states.js';
import { ProviderOverQuota, ProviderUnavailable, type SendResult } from '../domain/outcome.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';

/** Failures in a row, in one process, after which an account is left alone. */
const FAILURES_TO_OPEN = 10;
/** How long it is left alone the first time; each further one is twice as long. */
const OPEN_MS = 2_000;
const MAX_OPEN_MS = 30_000;
/** How long the one who tries it again has for that. */
const PROBE_MS = 15_000;
/** How long an account that is over quota is left alone where it does not say. */
const PAUSE_MS = 1_000;
/** How often each process asks what the others have found out. */
const REFRESH_MS = 1_000;

interface Hold {
  readonly state: HeldAccount['state'];
  /** By `performance.now()`: a step of the clock holds nobody longer. */
  readonly until: number;
  readonly failures: number;
  /** All processes know of it: once they do not any more, somebody has released it. */
  readonly isShared: boolean;
}

const keyOf = ({ appId, channel, provider }: Account): string => `${appId} ${channel} ${provider}`;

/**
 * A circuit breaker and a brake for each account, over all processes.
 *
 * An account that fails again and again is left alone for a while; then one delivery tries it, and if that fails it
 * is left alone for longer. One that is over quota is left alone for as long as it asks. Meanwhile its deliveries
 * wait: they are not claimed, and use up no attempt. Other accounts do not notice.
 */
@Injectable()
export class ProviderGate implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly holds = new Map<string, Hold>();
  private readonly failures = new Map<string, number>();
  /** Accounts that this process is trying again. */
  private readonly probing = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly states: ProviderStates,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** How long a delivery through this account has to wait, in milliseconds; 0: it may go. */
  async waitFor(account: Account): Promise<number> {
    const hold = this.holds.get(keyOf(account));
    if (!hold) return 0;
    const leftMs = hold.until - performance.now();
    // Those who wait come back spread out, and not all at the moment at which it opens.
    if (leftMs > 0) return Math.ceil(leftMs + Math.random() * Math.min(leftMs, OPEN_MS));
    if (hold.state === 'paused') {
      await this.release(account);
      return 0;
    }
    const mayProbe = await this.states.takeProbe(account, PROBE_MS).catch(() => false);
    this.holds.set(keyOf(account), {
      ...hold,
      until: performance.now() + (mayProbe ? PROBE_MS : REFRESH_MS),
    });
    if (mayProbe) this.probing.add(keyOf(account));
    return mayProbe ? 0 : Math.ceil(REFRESH_MS * (1 + Math.random()));
  }

  /** Learns from what came of an attempt. */
  async learn(account: Account, ended: SendResult | Error): Promise<void> {
    if (ended instanceof ProviderOverQuota) {
      if (!ended.addressOnly) await this.hold(account, 'paused', ended.retryAfterMs ?? PAUSE_MS, 0);
      return;
    }
    if (ended instanceof ProviderUnavailable) {
      if (!ended.addressOnly) await this.countFailure(account, ended.retryAfterMs ?? 0);
      return;
    }
    // A fault of ours says nothing of the vendor; whatever else it is, the vendor has answered.
    if (ended instanceof Error && ended.name !== 'ProviderMisconfigured') return;
    this.failures.delete(keyOf(account));
    this.probing.delete(keyOf(account));
    if (this.holds.get(keyOf(account))?.state === 'open') await this.release(account);
  }

  private async countFailure(account: Account, askedMs: number): Promise<void> {
    const key = keyOf(account);
    const hold = this.holds.get(key);
    const wasProbe = this.probing.delete(key);
    // What was under way when it was held fails as well, and says nothing new.
    if (hold?.state === 'open' && !wasProbe) return;
    const inARow = (this.failures.get(key) ?? 0) + 1;
    this.failures.set(key, inARow);
    if (!wasProbe && inARow < FAILURES_TO_OPEN) return;
    this.failures.delete(key);
    const times = (hold?.failures ?? 0) + 1;
    await this.hold(
      account,
      'open',
      Math.max(askedMs, Math.min(MAX_OPEN_MS, OPEN_MS * 2 ** (times - 1))),
      times,
    );
  }

  private async hold(
    account: Account,
    state: HeldAccount['state'],
    forMs: number,
    times: number,
  ): Promise<void> {
    const key = keyOf(account);
    const before = this.holds.get(key);
    this.holds.set(key, {
      state,
      until: Math.max(before?.until ?? 0, performance.now() + forMs),
      failures: times,
      isShared: false,
    });
    this.show(account, state);
    this.logger.warn({ ...account, state, forMs: Math.round(forMs), times }, 'provider.held');
    // The others find out a moment later where the database is away; this process knows.
    await this.states.hold(account, state, forMs, times).catch(() => undefined);
  }

  private async release(account: Account): Promise<void> {
    this.holds.delete(keyOf(account));
    this.show(account, 'closed');
    this.logger.info({ ...account }, 'provider.released');
    await this.states.release(account).catch(() => undefined);
  }

  /** Takes over what other processes have found out. While the database is away, what is known here stands. */
  private async refresh(): Promise<void> {
    const held = await this.states.held().catch(() => undefined);
    if (!held) return;
    const known = new Set(held.map(keyOf));
    for (const [key, hold] of this.holds) {
      // Released by somebody else, or by hand; unless it was held here a moment ago and the others do not know yet.
      if (known.has(key) || (!hold.isShared && hold.until > performance.now())) continue;
      this.holds.delete(key);
      this.probing.delete(key);
    }
    for (const { state, remainingMs, failures, ...account } of held) {
      this.holds.set(keyOf(account), {
        state,
        until: performance.now() + remainingMs,
        failures,
        isShared: true,
      });
      this.show(account, state);
    }
  }

  private show({ appId, channel, provider }: Account, state: HeldAccount['state'] | 'closed'): void {
    const value = { closed: 0, paused: 1, open: 2 }[state];
    this.metrics.providerState.set({ app: appId, channel, provider }, value);
  }
}
