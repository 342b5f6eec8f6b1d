import { Injectable } from '@nestjs/common';
import { Ledger } from '../../deliveries/ledger.js';
import { ProviderCheckRepository } from '../../deliveries/provider-check.repository.js';
import { ProviderStateRepository } from '../../deliveries/provider-state.repository.js';
import type { DeviceProviderAccount } from '../../deliveries/records.js';
import { retirementLimit } from '../../domain/retirement-limit.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { suspectAccounts } from './account-problems.js';

/** Counting refusals reads all attempts of some minutes, so one count serves for this long. */
const COUNT_VALID_MS = 30_000;
const LAST_ATTEMPTS = 2_000;

/** Accounts with an engaged brake on retiring devices. The workers decide for themselves, by the same counts. */
@Injectable()
export class BrakedAccounts {
  private counted: Promise<readonly DeviceProviderAccount[]> | undefined;
  private countAgainAt = 0;

  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: Ledger,
    private readonly states: ProviderStateRepository,
    private readonly checks: ProviderCheckRepository,
  ) {}

  all(): Promise<readonly DeviceProviderAccount[]> {
    if (this.counted && performance.now() < this.countAgainAt) return this.counted;
    this.countAgainAt = performance.now() + COUNT_VALID_MS;
    this.counted = this.count().catch((error: unknown) => {
      this.countAgainAt = 0;
      throw error;
    });
    return this.counted;
  }

  /** Only accounts with many refusals among the last attempts are counted. */
  private async count(): Promise<DeviceProviderAccount[]> {
    const { brake } = this.config.devices;
    const braked: DeviceProviderAccount[] = [];
    for (const account of suspectAccounts(await this.checks.lastCodes(LAST_ATTEMPTS), brake)) {
      const { sends, dead } = await this.ledger.countRefusals(account, brake.windowMinutes * 60);
      if (dead <= retirementLimit(brake, sends)) continue;
      if (!(await this.states.wasClosedByOperator(account, brake.releaseMinutes))) braked.push(account);
    }
    return braked;
  }
}
