import type { GatewayConfig } from '../../../platform/config/gateway-config.js';
import type { CallbackReader, CallbackRequest } from '../../../providers/callback.js';
import type { ProviderRegistry } from '../../../providers/provider-registry.js';

/** An account whose callbacks nothing, or too little, tells from forgeries. */
export interface UnverifiableProvider {
  readonly appId: string;
  readonly provider: string;
}

/** Those that texts are sent through, and that have neither their vendor's key nor a `callbackSecret`: they are refused. */
export function unverifiableProviders(
  config: GatewayConfig,
  registry: ProviderRegistry,
): readonly UnverifiableProvider[] {
  return usedWithoutSecret(config, registry, (reader) => reader.isSigned === undefined);
}

/** Those whose vendor signs too little of a callback as a rule, and that have no `callbackSecret` beside that. */
export function halfSignedProviders(
  config: GatewayConfig,
  registry: ProviderRegistry,
): readonly UnverifiableProvider[] {
  return usedWithoutSecret(config, registry, (reader) => reader.secretOf?.(PLAIN) === 'beside');
}

/** A request that says nothing of how it is signed. */
const PLAIN: CallbackRequest = {
  method: 'POST',
  url: '',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
};

function usedWithoutSecret(
  { apps }: GatewayConfig,
  registry: ProviderRegistry,
  isMeant: (reader: CallbackReader) => boolean,
): readonly UnverifiableProvider[] {
  return apps.flatMap(({ appId, sms: { providers, routes } }) => {
    const used = new Set(routes?.flatMap(({ use }) => use) ?? providers.map(({ id }) => id));
    return providers.flatMap(({ id, callbackSecret }) => {
      const reader = registry.smsProvider(appId, id)?.callbacks;
      const isFound = reader !== undefined && callbackSecret === undefined && isMeant(reader);
      return isFound && used.has(id) ? [{ appId, provider: id }] : [];
    });
  });
}
