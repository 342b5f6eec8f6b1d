import { Inject, Injectable } from '@nestjs/common';
import type { SandboxAccount, SandboxState, SandboxSwitch } from '../../domain/sandbox-switch.js';
import { Prisma } from '../../platform/database/database.module.js';

/** Sends within this time share one read; another process's change takes effect within a second. */
const MAX_AGE_MS = 700;

type States = ReadonlyMap<string, SandboxState>;

/** The switches of sandbox providers in PostgreSQL, shared by all processes and kept across restarts. */
@Injectable()
export class SandboxSwitchRepository implements SandboxSwitch {
  private states: Promise<States> | undefined;
  private readAt = 0;

  constructor(@Inject(Prisma) private readonly prisma: Prisma) {}

  async stateOf(account: SandboxAccount): Promise<SandboxState> {
    return (await this.current()).get(keyOf(account)) ?? 'up';
  }

  async set({ appId, channel, provider }: SandboxAccount, state: SandboxState): Promise<void> {
    const key = { appId, channel, provider };
    if (state === 'up') await this.prisma.sandboxState.deleteMany({ where: key });
    else
      await this.prisma.sandboxState.upsert({
        where: { appId_channel_provider: key },
        create: { ...key, state },
        update: { state },
      });
    this.states = undefined;
  }

  /** @returns states read less than `MAX_AGE_MS` ago. */
  private current(): Promise<States> {
    const now = performance.now();
    if (this.states && now - this.readAt < MAX_AGE_MS) return this.states;
    const states = this.read();
    this.states = states;
    this.readAt = now;
    // The next send tries again.
    states.catch(() => {
      if (this.states === states) this.states = undefined;
    });
    return states;
  }

  /** There is at most one row for each sandbox in the configuration, past or present. */
  private async read(): Promise<States> {
    const rows = await this.prisma.sandboxState.findMany();
    return new Map(rows.map((row) => [keyOf(row), row.state as SandboxState]));
  }
}

/** An app id may contain white space; ids of providers and channels do not. */
const keyOf = ({ appId, channel, provider }: Readonly<Record<keyof SandboxAccount, string>>): string =>
  `${channel} ${provider} ${appId}`;
