import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { compileRules, UNCHANGED, type Shape, type RuleResult, type RuleInput } from './rules.js';

/** Applies the rules of all apps, compiled once. */
@Injectable()
export class RuleEngine {
  private readonly shapes: ReadonlyMap<string, Shape>;
  /** Rules whose failure has been logged; each is logged only once. */
  private readonly failed = new Set<string>();

  constructor(
    config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.shapes = new Map(
      config.apps.map(({ appId, rules }) => [
        appId,
        compileRules(rules, (rule, part, code) => this.warn(appId, rule, part, code)),
      ]),
    );
  }

  shape({ appId }: AppSettings, event: RuleInput): RuleResult {
    return this.shapes.get(appId)?.(event) ?? UNCHANGED;
  }

  private warn(appId: string, rule: string, part: string, code: string): void {
    const key = `${appId} ${rule}`;
    if (this.failed.has(key)) return;
    this.failed.add(key);
    this.logger.warn({ appId, rule, part, code }, 'rule.failed');
  }
}
