import { Inject, Injectable } from '@nestjs/common';
import { SmsUserRepository } from '../../../deliveries/sms-user.repository.js';
import { TallyRepository } from '../../../deliveries/tallies/tally.repository.js';
import type { AppSettings } from '../../../platform/config/app-settings.js';
import { Sql } from '../../../platform/database/database.module.js';
import { readCounters } from '../guard/counters.sql.js';
import { windowAt } from '../guard/limits-of.js';
import { spendDays, type SpendDay } from './spend-days.js';
import type { SpendCapDto, SpendDto, StoppedPrefixDto } from './spend.dto.js';
import { STOPPED_PREFIXES } from './spend.sql.js';

/** Whole days in UTC. */
export interface SpendSpan {
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

const SECONDS_PER_DAY = 86_400;
const MICROS = 1_000_000;
/** Shown characters of a prefix, including the plus, as in the log. */
const SHOWN_PREFIX_LENGTH = 5;

/** What SMS cost: days from the tallies, limits from the counters of the cost guard, users from the ledger. */
@Injectable()
export class SpendReport {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    private readonly tallies: TallyRepository,
    private readonly users: SmsUserRepository,
  ) {}

  /** @param app unset: all of `apps`. */
  async of(
    apps: readonly AppSettings[],
    app: AppSettings | undefined,
    span: SpendSpan,
    now = new Date(),
  ): Promise<SpendDto> {
    const shown = app ? [app] : apps;
    const [days, top, caps, stopped] = await Promise.all([
      this.days(app?.appId, span),
      this.users.top(app?.appId, span),
      Promise.all(shown.map((one) => this.capsOf(one, now))),
      Promise.all(shown.map((one) => this.stoppedOf(one, now))),
    ]);
    const { users: topUsers, since: topUsersSince } = top;
    return { ...span, caps: caps.flat(), days, stopped: stopped.flat(), topUsers, topUsersSince };
  }

  /** @param appId unset: all apps. */
  async days(appId: string | undefined, { from, to }: SpendSpan): Promise<SpendDay[]> {
    const measures = ['sms_segments', 'sms_cost'] as const;
    const stored = await this.tallies.read({ measures, from, to, stepSeconds: SECONDS_PER_DAY, appId });
    return spendDays(stored, from);
  }

  private async capsOf({ appId, sms: { guard } }: AppSettings, now: Date): Promise<SpendCapDto[]> {
    const { texts, money } = guard.perAppPerMonth ?? {};
    if (texts === undefined && money === undefined) return [];
    const { since } = windowAt('month', now);
    const scopes = ['app_month', 'app_month_money'].map((scope) => ({ scope, key: '', since }));
    const [counted, paid] = await readCounters(this.sql, appId, scopes);
    const resetsAt = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
    const caps: SpendCapDto[] = [];
    if (texts !== undefined) {
      const scope = 'perAppPerMonth.texts';
      caps.push({ appId, scope, spent: counted?.texts ?? 0, cap: texts, currency: null, resetsAt });
    }
    if (money !== undefined) {
      const [scope, spent] = ['perAppPerMonth.money', (paid?.costMicros ?? 0) / MICROS];
      caps.push({ appId, scope, spent, cap: money, currency: guard.currency, resetsAt });
    }
    return caps;
  }

  private async stoppedOf({ appId, sms: { guard } }: AppSettings, now: Date): Promise<StoppedPrefixDto[]> {
    const { texts, windowMinutes } = guard.pumping;
    if (texts === 0 || guard.breakGlass) return [];
    const rows = await STOPPED_PREFIXES.rows(this.sql, { appId, since: windowAt(windowMinutes, now).since });
    return rows.map(({ prefix, since }) => ({
      appId,
      prefix: `${prefix.slice(0, SHOWN_PREFIX_LENGTH)}…`,
      since,
    }));
  }
}
