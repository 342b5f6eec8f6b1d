import { Inject, Injectable } from '@nestjs/common';
import type { AccountCallbacks, CallbackDirectory } from '../../../deliveries/account-callbacks.js';
import { PROCESS_SETTINGS } from '../../../platform/config/config.module.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import type { ProcessSettings } from '../../../platform/config/process-settings.js';
import type { SmsProviderSettings } from '../../../platform/config/sms-provider-settings.js';
import type { CallbackReader } from '../../../providers/callback.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { callbackUrl, takesSecret } from '../status-url.js';
import { CallbackTimesRepository } from './callback-times.repository.js';

/** The callback addresses of all SMS accounts whose vendors call back. */
@Injectable()
export class SmsCallbackDirectory implements CallbackDirectory {
  constructor(
    private readonly config: GatewayConfig,
    private readonly registry: ProviderRegistry,
    private readonly times: CallbackTimesRepository,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
  ) {}

  async all(): Promise<AccountCallbacks[]> {
    const times = await this.times.all();
    return this.config.apps.flatMap(({ appId, sms }) =>
      sms.providers.flatMap((settings) => {
        const provider = settings.id;
        const reader = this.registry.smsProvider(appId, provider)?.callbacks;
        if (!reader) return [];
        const last = times.find((time) => time.appId === appId && time.provider === provider);
        const urlOf = (kind: 'status' | 'inbound'): string | null =>
          callbackUrl(this.settings.publicUrl, appId, provider, kind)?.href ?? null;
        return [
          {
            ...{ appId, provider, statusUrl: urlOf('status') },
            inboundUrl: reader.readInbound ? urlOf('inbound') : null,
            verifiedBy: verifiedBy(reader, settings),
            lastAt: last?.lastAt ?? null,
          },
        ];
      }),
    );
  }
}

function verifiedBy(reader: CallbackReader, settings: SmsProviderSettings): AccountCallbacks['verifiedBy'] {
  if (takesSecret(reader, settings)) return 'secret';
  return reader.isSigned ? 'signature' : 'none';
}
