import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import { retirementLimit } from '../../domain/retirement-limit.js';
import { Ledger } from '../../deliveries/ledger.js';
import { ProviderStateRepository } from '../../deliveries/provider-state.repository.js';
import type { UserDevice, DeviceProviderAccount } from '../../deliveries/records.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';

/** Validity of one count: the brake engages at most this late, and recounts this often while engaged. */
const COUNT_VALID_MS = 5_000;
const HOUR_MS = 3_600_000;
/** Consecutive refusals that prove an address dead on a proven account. */
const REFUSALS_THAT_PROVE = 3;
/** Period in which these refusals count. */
const PROOF_MS = 7 * 86_400_000;

interface Measure {
  readonly until: number;
  readonly braked: boolean;
  /** An operator has released the brake. */
  readonly released: boolean;
  /** The vendor accepts some pushes of this account, so the account is not entirely wrong. */
  readonly works: boolean;
  /** The vendor accepts most pushes: credentials, project and environment are right. */
  readonly proven: boolean;
  /** Retirements allowed before the next count. */
  left: number;
}

interface Trickle {
  readonly until: number;
  left: number;
}

/** A device that its vendor has reported dead. */
export interface Condemned extends Omit<UserDevice, 'appId' | 'since'> {
  readonly registeredAt: Date;
  /** The vendor gives the same answer if the account is wrong. */
  readonly accountMayBeWrong: boolean;
}

/** Why a device is kept. */
export type Held = 'braked' | 'unproven';

/**
 * Prevents a wrong configuration or a vendor's fault from retiring devices en masse. While more of an account's sends
 * than the settings allow are refused because of dead addresses, its devices are retired only
 *
 * - if most of its pushes are accepted and the device was refused several times in a row;
 * - a few per hour, if the accepted share of its pushes is at least the share at which refusals engage the brake;
 * - once an operator has released the account.
 *
 * A refusal that may also mean a wrong account needs the same proof, even if the brake is not engaged.
 *
 * The counts come from the ledger, so they cover all processes, and refusals count whether or not the device was
 * retired. Processes that count at the same moment may each let a few retirements through.
 */
@Injectable()
export class RetirementBrake {
  private readonly measures = new Map<string, Measure>();
  private readonly trickles = new Map<string, Trickle>();

  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: Ledger,
    private readonly states: ProviderStateRepository,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns why a device is kept; undefined if it may be retired. */
  async holds(account: DeviceProviderAccount, device: Condemned): Promise<Held | undefined> {
    const measure = await this.current(account);
    if (measure.released) return undefined;
    if (!measure.braked && !device.accountMayBeWrong) {
      measure.left -= 1;
      return undefined;
    }
    if (measure.proven && (await this.isProvenDead(account, device))) return undefined;
    if (!measure.braked) return 'unproven';
    if (!device.accountMayBeWrong && measure.works && this.takeTrickle(account)) return undefined;
    const labels = { app: account.appId, provider: account.provider, kind: account.kind };
    this.metrics.retirementsBraked.inc(labels);
    this.metrics.lastBraked.set(labels, Date.now() / 1_000);
    return 'braked';
  }

  private async current(account: DeviceProviderAccount): Promise<Measure> {
    const key = keyOf(account);
    const known = this.measures.get(key);
    const isSpent = known && !known.braked && known.left <= 0;
    if (known && !isSpent && known.until > performance.now()) return known;
    const measure = await this.measure(account);
    this.measures.set(key, measure);
    return measure;
  }

  private async measure(account: DeviceProviderAccount): Promise<Measure> {
    const { windowMinutes, sharePercent, releaseMinutes } = this.config.devices.brake;
    const { appId, provider, kind } = account;
    const { sends, accepted, dead } = await this.ledger.countRefusals(account, windowMinutes * 60);
    const limit = retirementLimit(this.config.devices.brake, sends);
    const braked = dead > limit;
    const released = await this.states.wasClosedByOperator(account, releaseMinutes);
    if (braked && !released) {
      const facts = { appId, provider, kind, sends, dead, limit, windowMinutes };
      this.logger.error(facts, 'device.retirement_braked');
    }
    return {
      until: performance.now() + COUNT_VALID_MS,
      braked,
      released,
      works: accepted > 0 && accepted * 100 >= sends * sharePercent,
      proven: accepted * 2 > sends,
      // At least one: the current refusal has already been counted.
      left: Math.max(limit - dead, 1),
    };
  }

  private async isProvenDead({ appId }: DeviceProviderAccount, device: Condemned): Promise<boolean> {
    const { deviceId, uid, registeredAt } = device;
    const since = new Date(Math.max(registeredAt.getTime(), Date.now() - PROOF_MS));
    const refusals = await this.ledger.countRefusedInARow({ appId, uid, deviceId, since });
    return refusals >= REFUSALS_THAT_PROVE;
  }

  private takeTrickle(account: DeviceProviderAccount): boolean {
    const key = keyOf(account);
    const known = this.trickles.get(key);
    const trickle =
      known && known.until > performance.now()
        ? known
        : { until: performance.now() + HOUR_MS, left: this.config.devices.brake.tricklePerHour };
    this.trickles.set(key, trickle);
    if (trickle.left <= 0) return false;
    trickle.left -= 1;
    return true;
  }
}

const keyOf = ({ appId, provider, kind }: DeviceProviderAccount): string =>
  JSON.stringify([appId, provider, kind]);
