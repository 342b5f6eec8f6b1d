import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { VendorReports } from './vendor-reports.js';

/** Listens to vendors that report on the connection on which they take texts: where texts are sent. */
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
