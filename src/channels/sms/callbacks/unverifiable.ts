import type { GatewayConfig } from '../../../platform/config/gateway-config.js';
import type { ProviderRegistry } from '../../../providers/provider-registry.js';

/** An account whose callbacks are refused, because nothing tells them from forgeries. */
export interface UnverifiableProvider {
  readonly appId: string;
  readonly provider: string;
}

/** Those that texts are sent through, and that have neither their vendor's key nor a `callbackSecret`. */
export function unverifiableProviders(
  { apps }: GatewayConfig,
  registry: ProviderRegistry,
): readonly UnverifiableProvider[] {
  return apps.flatMap(({ appId, sms: { providers, routes } }) => {
    const used = new Set(routes?.flatMap(({ use }) => use) ?? providers.map(({ id }) => id));
    return providers.flatMap(({ id, callbackSecret }) => {
      const reader = registry.smsProvider(appId, id)?.callbacks;
      const isVerifiable = !reader || reader.isSigned !== undefined || callbackSecret !== undefined;
      return isVerifiable || !used.has(id) ? [] : [{ appId, provider: id }];
    });
  });
}
