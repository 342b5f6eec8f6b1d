import { Injectable } from '@nestjs/common';
import { ProviderCheckRepository } from '../../deliveries/provider-check.repository.js';
import { ProviderStateRepository } from '../../deliveries/provider-state.repository.js';
import { codeOf } from '../../platform/errors/code-of.js';
import { DatabaseProbe } from '../../platform/health/database-probe.js';
import { HealthItems, type HealthItem } from '../../platform/health/health-items.js';
import { SharedProbe } from '../../platform/health/shared-probe.js';
import { within } from '../../platform/timing/within.js';
import { JobQueue } from '../../queue/job-queue.js';
import { Spool } from '../../queue/spool/spool.js';
import { Workers } from '../../queue/workers.js';
import { breakerProblems, checkProblems, retirementProblems } from './account-problems.js';
import { BrakedAccounts } from './braked-accounts.js';
import type { Problem } from './problem.js';
import { deadLetterProblems, spoolProblems } from './queue-problems.js';

const PROBE_MS = 1_500;
const ACCOUNTS_MS = 5_000;
/** Counting refusals may take longer on a large ledger; then the next look has the answer. */
const BRAKED_MS = 3_000;

/** The current problems, as this process sees them. */
@Injectable()
export class StatusBoard {
  /** Shared by all callers and streams. */
  private readonly probe = new SharedProbe(() => this.look());

  constructor(
    private readonly database: DatabaseProbe,
    private readonly queue: JobQueue,
    private readonly workers: Workers,
    private readonly items: HealthItems,
    private readonly spool: Spool,
    private readonly states: ProviderStateRepository,
    private readonly checks: ProviderCheckRepository,
    private readonly braked: BrakedAccounts,
  ) {}

  /** @param appId undefined: of all apps. @returns errors first. */
  async problems(appId: string | undefined): Promise<Problem[]> {
    return problemsOf(await this.probe.get(), appId);
  }

  private async look(): Promise<readonly Problem[]> {
    const ofStores = await Promise.all([this.ofDatabase(), this.ofQueue()]);
    const ofProcess = [
      ...itemProblems({ workers: this.workers.health(), ...this.items.all() }),
      ...spoolProblems(this.spool.events),
    ];
    return [...ofStores.flat(), ...ofProcess].toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
  }

  private async ofDatabase(): Promise<Problem[]> {
    try {
      await within(PROBE_MS, this.database.ping());
      return await within(ACCOUNTS_MS, this.ofAccounts());
    } catch (error) {
      const text = `PostgreSQL does not answer (${codeOf(error) ?? 'unreachable'}). Webhooks are accepted and wait; nothing is sent.`;
      return [{ kind: 'postgres', severity: 'error', page: '/settings', text }];
    }
  }

  private async ofAccounts(): Promise<Problem[]> {
    const [breakers, checks, braked] = await Promise.all([
      this.states.held(),
      this.checks.all(),
      within(BRAKED_MS, this.braked.all()).catch(() => []),
    ]);
    return [...breakerProblems(breakers), ...checkProblems(checks), ...retirementProblems(braked)];
  }

  private async ofQueue(): Promise<Problem[]> {
    try {
      await this.queue.ping(PROBE_MS);
      return deadLetterProblems(await this.queue.counts());
    } catch (error) {
      const text = `The queue does not answer (${codeOf(error) ?? 'unreachable'}). Webhooks wait on the disk of this process, as far as its spool reaches; nothing is sent.`;
      return [{ kind: 'queue', severity: 'error', page: '/queue-state', text }];
    }
  }
}

const RANK = { error: 0, warning: 1 } as const;

/** Those of an app, and those of the gateway as a whole. */
export function problemsOf(problems: readonly Problem[], appId: string | undefined): Problem[] {
  return problems.filter((problem) => appId === undefined || (problem.appId ?? appId) === appId);
}

/** Items of `/health/ready` that are down in this process. */
function itemProblems(items: Readonly<Record<string, HealthItem>>): Problem[] {
  return Object.entries(items)
    .filter(([, { status }]) => status === 'down')
    .map(([name, { detail = 'down' }]) => ({
      ...({ severity: 'error', page: '/queue-state' } as const),
      kind: name === 'workers' || name === 'spool' ? name : ('process' as const),
      text: `This process is not ready: ${name} (${detail}).`,
    }));
}
