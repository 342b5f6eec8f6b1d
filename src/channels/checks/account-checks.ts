import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  ProviderCheckRepository,
  type CheckedAccount,
  type CheckFinding,
  type ProviderCheck,
} from '../../deliveries/provider-check.repository.js';
import { SendAborted } from '../../domain/outcome.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { codeOf } from '../../platform/errors/code-of.js';
import { newId } from '../../platform/ids/new-id.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { explanationOf } from '../../providers/explanations.js';
import { ProviderRegistry, type RegisteredAccount } from '../../providers/provider-registry.js';
import type { Checked } from '../../providers/provider.js';
import { JobQueue } from '../../queue/job-queue.js';
import type { CheckAccounts } from '../../queue/jobs.js';
import { RetryLater } from '../../queue/queue-worker.js';
import { UpkeepTasks, type UpkeepTask } from '../../queue/upkeep-tasks.js';
import { caExpiryOf } from '../../providers/ca-expiry.js';

const MS_PER_HOUR = 3_600_000;
/** Vendors that are asked at once. */
const AT_ONCE = 5;
/** Workers that start together check once. */
const START_WINDOW_MS = 10_000;
const STORED_WITHIN_MS = 2_000;
/** A failure is confirmed before it raises an alert: vendors have bad minutes. */
const CONFIRM_AFTER_MS = 600_000;
/** Workers that start one after another do not ask about a failure again. */
const RECENT_MS = 60_000;
/** Exceeds the longest interval, a week. */
const FORGET_AFTER_MS = 30 * 24 * MS_PER_HOUR;

/** Checks the accounts with vendors at start, at intervals and on demand, and records what it found. Sends nothing. */
@Injectable()
export class AccountChecks implements UpkeepTask<'provider.check'>, OnModuleInit {
  /** The routine check in progress: a second one finds nothing due. */
  private routine: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: GatewayConfig,
    private readonly registry: ProviderRegistry,
    private readonly checks: ProviderCheckRepository,
    private readonly queue: JobQueue,
    private readonly tasks: UpkeepTasks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.tasks.add('provider.check', this);
  }

  async start(): Promise<void> {
    if (this.intervalMs === 0) return;
    await this.queue.schedule('upkeep', 'provider.check', this.intervalMs, { v: 1 });
    await this.enqueue({ v: 1 }, START_WINDOW_MS);
  }

  async run({ account }: CheckAccounts, signal: AbortSignal): Promise<void> {
    if (account) {
      const { appId, channel, provider } = account;
      const accounts = this.registry.accounts().filter((known) => isSame(known, appId, channel, provider));
      return this.checkAll(accounts, signal);
    }
    if (this.intervalMs === 0) return;
    this.routine = this.routine.catch(() => undefined).then(() => this.checkDue(signal));
    return this.routine;
  }

  private async checkDue(signal: AbortSignal): Promise<void> {
    await this.checkAll(await this.dueAccounts(), signal);
    await this.checks.forget(FORGET_AFTER_MS);
  }

  private async checkAll(accounts: readonly RegisteredAccount[], signal: AbortSignal): Promise<void> {
    const waiting = [...accounts];
    const checkNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.check(next, signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, checkNext));
  }

  private get intervalMs(): number {
    return this.config.checks.everyHours * MS_PER_HOUR;
  }

  /** Accounts with new settings, those not found in order, and those checked long ago. */
  private async dueAccounts(): Promise<RegisteredAccount[]> {
    const accounts = this.registry.accounts();
    const known = await this.checks.all();
    const isDue = await Promise.all(
      accounts.map(async (account) => {
        const last = known.find((check) => isOf(check, account));
        if (!last || last.ageMs > (last.outcome === 'ok' ? 0.9 * this.intervalMs : RECENT_MS)) return true;
        return !last.credential.equals(await this.registry.credentialOf(account.provider));
      }),
    );
    return accounts.filter((_, i) => isDue[i]);
  }

  private async check(account: RegisteredAccount, signal: AbortSignal): Promise<void> {
    const checked = await this.ask(account, signal);
    const found = await this.findingOf(account, checked);
    const failures = await this.checks.record(keyOf(account), found);
    const { appId, channel, id: provider, type } = account;
    const fields = { appId, channel, provider, type, code: found.code };
    if (found.outcome === 'ok') this.logger.debug(fields, 'provider.check_passed');
    else if (found.outcome === 'unknown') this.logger.info(fields, 'provider.check_undecided');
    else {
      this.logger[failures > 1 ? 'error' : 'warn'](
        { ...fields, failures, fix: found.fix },
        'provider.check_failed',
      );
      if (failures === 1)
        await this.enqueue({ v: 1, account: { appId, channel, provider } }, 0, CONFIRM_AFTER_MS);
    }
  }

  private async ask({ provider, ...account }: RegisteredAccount, signal: AbortSignal): Promise<Checked> {
    try {
      return await provider.check(signal, account.appId);
    } catch (error) {
      if (error instanceof SendAborted) throw new RetryLater(1_000, 'the process is stopping');
      const { appId, channel, id } = account;
      this.logger.error({ appId, channel, provider: id, err: error }, 'provider.check_broken');
      return {
        outcome: 'unknown',
        code: codeOf(error) ?? 'error',
        text: 'The check itself failed; see the log.',
      };
    }
  }

  private async findingOf(
    { provider, type, ca }: RegisteredAccount,
    { outcome, code, text, balance, clockSkewMs }: Checked,
  ): Promise<CheckFinding> {
    const explained = outcome === 'ok' || code === null ? undefined : explanationOf(type, code, 'attempt');
    return {
      outcome,
      code,
      text,
      fix: explained?.fix ?? null,
      link: explained?.link ?? null,
      balance: balance?.amount ?? null,
      currency: balance?.currency ?? null,
      clockSkewMs: clockSkewMs ?? null,
      caExpiresAt: caExpiryOf(ca),
      credential: await this.registry.credentialOf(provider),
    };
  }

  private async enqueue(data: CheckAccounts, windowMs: number, delayMs = 0): Promise<void> {
    const dedupe = windowMs === 0 ? undefined : { key: 'provider.check', windowMs };
    const request = { queueName: 'upkeep', name: 'provider.check', id: newId(), data, delayMs } as const;
    await this.queue.add(request, STORED_WITHIN_MS, dedupe);
  }
}

function isSame(account: RegisteredAccount, appId: string, channel: string, provider: string): boolean {
  return account.appId === appId && account.channel === channel && account.id === provider;
}

const keyOf = ({ appId, channel, id, type, environment }: RegisteredAccount): CheckedAccount => ({
  appId,
  channel,
  provider: id,
  type,
  environment: environment ?? '',
});

function isOf(check: ProviderCheck, account: RegisteredAccount): boolean {
  const { appId, channel, provider, type, environment } = check;
  return (
    isSame(account, appId, channel, provider) &&
    account.type === type &&
    (account.environment ?? '') === environment
  );
}
