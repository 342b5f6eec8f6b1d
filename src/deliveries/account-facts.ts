import { Injectable } from '@nestjs/common';
import { CallbackDirectory, type AccountCallbacks } from './account-callbacks.js';
import { ProviderCheckRepository, type CodeCount, type ProviderCheck } from './provider-check.repository.js';
import { ProviderStateRepository, type OpenBreaker } from './provider-state.repository.js';
import { DeviceCounter, type DeviceCensus } from './served-devices.js';
import { TallyRepository } from './tallies/tally.repository.js';
import type { StoredSeries } from './tallies/tally.sql.js';
import { TallyWriter } from './tallies/tally-writer.js';

/** State of all accounts. */
export interface ProviderFacts {
  readonly breakers: readonly OpenBreaker[];
  readonly checks: readonly ProviderCheck[];
  readonly codes: readonly CodeCount[];
  /** Attempts of the last hour and of the last 24 hours. */
  readonly lastHour: readonly StoredSeries[];
  readonly lastDay: readonly StoredSeries[];
  readonly devices: DeviceCensus;
  readonly callbacks: readonly AccountCallbacks[];
}

/** Attempts whose codes are counted. */
const CODES_OF_ATTEMPTS = 2_000;
/** A request shows the counts of its own process up to this many ms ago. */
const FRESH_MS = 1_000;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const HOURS = 24;

/** Reads what is known of provider accounts. No statement depends on their number. */
@Injectable()
export class AccountFacts {
  constructor(
    private readonly states: ProviderStateRepository,
    private readonly checks: ProviderCheckRepository,
    private readonly tallies: TallyRepository,
    private readonly writer: TallyWriter,
    private readonly devices: DeviceCounter,
    private readonly callbacks: CallbackDirectory,
  ) {}

  /** @param appId whose attempts are read; undefined: of all apps. */
  async read(appId: string | undefined): Promise<ProviderFacts> {
    await this.writer.writeAfter(FRESH_MS);
    const now = Date.now();
    const [breakers, checks, codes, lastHour, lastDay, devices, callbacks] = await Promise.all([
      this.states.held(),
      this.checks.all(),
      this.checks.lastCodes(CODES_OF_ATTEMPTS),
      this.attempts(appId, now - MS_PER_HOUR, MS_PER_MINUTE),
      this.attempts(appId, now - HOURS * MS_PER_HOUR, MS_PER_HOUR),
      this.devices.count(),
      this.callbacks.all(),
    ]);
    return { breakers, checks, codes, lastHour, lastDay, devices, callbacks };
  }

  /** Attempts in whole units after `sinceMs`, and in the current one. Reads the rows of spans of that length. */
  private attempts(appId: string | undefined, sinceMs: number, unitMs: number): Promise<StoredSeries[]> {
    const from = new Date(Math.ceil(sinceMs / unitMs) * unitMs);
    const to = new Date(Date.now() + unitMs);
    return this.tallies.read({ measures: ['attempt_seconds'], from, to, stepSeconds: unitMs / 1_000, appId });
  }
}
