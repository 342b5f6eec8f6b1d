import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Ledger } from '../../deliveries/ledger.js';
import type { ProviderAccount } from '../../deliveries/records.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';

/** How long one count stands: the brake grips this late at most, and counts this often while it holds. */
const COUNT_STANDS_MS = 5_000;

interface Measure {
  readonly until: number;
  readonly braked: boolean;
  /** Retirements that may still go ahead before it has to be counted again. */
  left: number;
}

/**
 * Keeps a mistake of ours, or a fault of a vendor's, from emptying the device book: while more of an account's sends
 * than the settings allow are refused as going to dead addresses, nobody is retired through it.
 *
 * The figures come from the ledger, so that they are those of all processes, and what is refused counts whether or
 * not it was retired: the brake holds for as long as the refusals go on. Processes that count at the same moment may
 * each let a few through.
 */
@Injectable()
export class RetirementBrake {
  private readonly measures = new Map<string, Measure>();

  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: Ledger,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Decides about one retirement. @returns whether it has to be left undone. */
  async holds(account: ProviderAccount): Promise<boolean> {
    const key = JSON.stringify([account.appId, account.provider, account.kind]);
    let measure = this.measures.get(key);
    if (!measure || measure.until <= performance.now() || (!measure.braked && measure.left <= 0)) {
      measure = await this.measure(account);
      this.measures.set(key, measure);
    }
    measure.left -= 1;
    if (!measure.braked) return false;
    const labels = { app: account.appId, provider: account.provider, kind: account.kind };
    this.metrics.retirementsBraked.inc(labels);
    this.metrics.lastBraked.set(labels, Date.now() / 1_000);
    return true;
  }

  private async measure(account: ProviderAccount): Promise<Measure> {
    const { windowMinutes, minRefusals, sharePercent } = this.config.devices.brake;
    const { sends, dead } = await this.ledger.countRefusals(account, windowMinutes * 60);
    const limit = Math.max(minRefusals, Math.floor((sends * sharePercent) / 100));
    const braked = dead > limit;
    if (braked)
      this.logger.error({ ...account, sends, dead, limit, windowMinutes }, 'device.retirement_braked');
    // At least one: what is asked about is among those that were counted.
    return { until: performance.now() + COUNT_STANDS_MS, braked, left: Math.max(limit - dead, 1) };
  }
}
