import { Inject, Injectable } from '@nestjs/common';
import { SmsLedger } from '../../deliveries/sms-ledger.js';
import { PROCESS_SETTINGS } from '../../platform/config/config.module.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import type { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import type { SmsProvider } from '../../providers/provider.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import { statusUrlOf } from './status-url.js';

/** How long the answer is cached that an account has not reported yet. */
const CACHE_MS = 1_000;

/** Determines whether delivery reports can be expected from an account. */
@Injectable()
export class ReportCapability {
  /** By account; a positive answer never expires. */
  private readonly known = new Map<
    string,
    { readonly hasReported: Promise<boolean>; readonly until: number }
  >();

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly config: GatewayConfig,
    private readonly ledger: SmsLedger,
    @Inject(PROCESS_SETTINGS) private readonly process: ProcessSettings,
  ) {}

  /** Whether the vendor can send reports that can be verified. */
  canReport(appId: string, provider: string): boolean {
    const { account, settings } = this.find(appId, provider);
    if (account?.listen) return true;
    const isVerifiable = account?.callbacks?.isSigned !== undefined || settings?.callbackSecret !== undefined;
    return account?.callbacks !== undefined && isVerifiable;
  }

  /**
   * Whether it does: it gets the callback URL with every SMS, reports on its connection, or has reported before because
   * the URL is set in the vendor's console.
   */
  async reports(appId: string, provider: string): Promise<boolean> {
    if (!this.canReport(appId, provider)) return false;
    const { account, settings } = this.find(appId, provider);
    if (account?.listen) return true;
    const url = statusUrlOf(this.process.publicUrl, appId, settings, account);
    if (url !== undefined && account?.passesStatusUrl !== false) return true;
    return this.hasReported(appId, provider);
  }

  private find(
    appId: string,
    provider: string,
  ): { account: SmsProvider | undefined; settings: SmsProviderSettings | undefined } {
    const app = this.config.apps.find((candidate) => candidate.appId === appId);
    return {
      account: this.providers.smsProvider(appId, provider),
      settings: app?.sms.providers.find(({ id }) => id === provider),
    };
  }

  private async hasReported(appId: string, provider: string): Promise<boolean> {
    const account = JSON.stringify([appId, provider]);
    const known = this.known.get(account);
    if (known && ((await known.hasReported) || performance.now() < known.until)) return known.hasReported;
    const hasReported = this.ledger.hasReported(appId, provider);
    this.known.set(account, { hasReported, until: performance.now() + CACHE_MS });
    hasReported.catch(() => this.known.delete(account));
    return hasReported;
  }
}
