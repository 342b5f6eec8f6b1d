import type { GatewayConfig } from '../../../platform/config/gateway-config.js';
import type { CallbackReader, CallbackRequest } from '../../../providers/callback.js';
import type { ProviderRegistry } from '../../../providers/provider-registry.js';

/** An account whose callbacks cannot be verified, or only in part. */
export interface UnverifiableProvider {
  readonly appId: string;
  readonly provider: string;
}

/** Providers in use with neither the vendor's key nor a `callbackSecret`: their callbacks are refused. */
export function unverifiableProviders(
  config: GatewayConfig,
  registry: ProviderRegistry,
): readonly UnverifiableProvider[] {
  return usedWithoutSecret(config, registry, (reader) => reader.isSigned === undefined);
}

/** Providers in use whose signature covers too little, and that have no `callbackSecret`. */
export function halfSignedProviders(
  config: GatewayConfig,
  registry: ProviderRegistry,
): readonly UnverifiableProvider[] {
  return usedWithoutSecret(config, registry, (reader) => reader.secretOf?.(UNSIGNED) === 'beside');
}

/** A request without signature headers. */
const UNSIGNED: CallbackRequest = {
  method: 'POST',
  url: '',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
};

function usedWithoutSecret(
  { apps }: GatewayConfig,
  registry: ProviderRegistry,
  isAffected: (reader: CallbackReader) => boolean,
): readonly UnverifiableProvider[] {
  return apps.flatMap(({ appId, sms: { providers, routes } }) => {
    const used = new Set(routes?.flatMap(({ use }) => use) ?? providers.map(({ id }) => id));
    return providers.flatMap(({ id, callbackSecret }) => {
      const reader = registry.smsProvider(appId, id)?.callbacks;
      const isFound = reader !== undefined && callbackSecret === undefined && isAffected(reader);
      return isFound && used.has(id) ? [{ appId, provider: id }] : [];
    });
  });
}
