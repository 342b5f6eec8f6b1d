import { Inject, Injectable } from '@nestjs/common';
import { DeviceCounter, type DeviceCensus, type ServedDevices } from '../../deliveries/served-devices.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { Sql } from '../../platform/database/database.module.js';
import { sampleDevices, type DeviceGroup } from './device-census.sql.js';
import { pushProviderOf } from './push-provider-of.js';

/** A count serves for this long. */
const VALID_MS = 60_000;
/** The same of a small table, which is counted fast. */
const VALID_WHILE_SMALL_MS = 1_000;

/** Counts devices by the account that serves them: all of a small table, a sample of a large one. */
@Injectable()
export class SampledDeviceCounter implements DeviceCounter {
  private counted: Promise<DeviceCensus> | undefined;
  private countAgainAt = 0;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    private readonly config: GatewayConfig,
  ) {}

  count(): Promise<DeviceCensus> {
    if (this.counted && performance.now() < this.countAgainAt) return this.counted;
    this.countAgainAt = performance.now() + VALID_MS;
    this.counted = this.countNow().catch((error: unknown) => {
      this.countAgainAt = 0;
      throw error;
    });
    return this.counted;
  }

  private async countNow(): Promise<DeviceCensus> {
    const { groups, fraction } = await sampleDevices(this.sql);
    const isEstimate = fraction < 1;
    if (!isEstimate) this.countAgainAt = performance.now() + VALID_WHILE_SMALL_MS;
    const accounts = new Map<string, ServedDevices>();
    for (const group of groups) {
      const account = this.accountOf(group);
      if (!account) continue;
      const key = JSON.stringify(account);
      accounts.set(key, { ...account, count: group.count + (accounts.get(key)?.count ?? 0) });
    }
    const scaled = ({ count, ...account }: ServedDevices): ServedDevices => ({
      ...account,
      count: isEstimate ? Number((count / fraction).toPrecision(2)) : count,
    });
    return { accounts: [...accounts.values()].map(scaled), isEstimate };
  }

  /** @returns undefined if no account serves them. */
  private accountOf(group: DeviceGroup): Omit<ServedDevices, 'count'> | undefined {
    const { appId, providerId: provider } = group;
    const app = this.config.apps.find((known) => known.appId === appId);
    const settings = app && pushProviderOf(app.push.providers, group);
    if (!settings) return undefined;
    const environment = 'environment' in settings ? settings.environment : null;
    return { appId, provider, type: settings.type, environment };
  }
}
