import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { VendorReports } from './vendor-reports.js';

/** Listens for reports on the connections over which SMS are sent. Runs only in processes that send SMS. */
@Injectable()
export class SmsListeners implements OnApplicationBootstrap {
  constructor(
    private readonly config: GatewayConfig,
    private readonly registry: ProviderRegistry,
    private readonly reports: VendorReports,
  ) {}

  onApplicationBootstrap(): void {
    for (const { appId, sms } of this.config.apps) {
      for (const { id } of sms.providers)
        this.registry.smsProvider(appId, id)?.listen?.(this.reports.of(appId, id));
    }
  }
}
