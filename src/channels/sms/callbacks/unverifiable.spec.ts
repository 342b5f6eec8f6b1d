import { describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from '../../../platform/config/load-gateway-config.js';
import type { SmsProvider } from '../../../providers/provider.js';
import type { SmsProviderFactory } from '../../../providers/provider-factory.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { unverifiableProviders } from './unverifiable.js';

/** An account whose callbacks are signed if its `from` says so, and that has none where it says `silent`. */
const vendor: SmsProviderFactory = {
  channel: 'sms',
  type: 'sandbox',
  create: ({ from }): SmsProvider => ({
    send: async () => ({ outcome: 'accepted', vendorMessageId: null }),
    close: async () => undefined,
    ...(from === 'silent'
      ? {}
      : { callbacks: { readStatus: () => [], ...(from === 'signed' ? { isSigned: () => true } : {}) } }),
  }),
};

const found = (providers: object[], routes?: object[]): string[] => {
  const app = {
    appId: 'app123',
    region: 'us',
    webhook: { basicAuth: [{ username: 'cometchat', password: 'secret' }] },
    sms: {
      providers: providers.map((block) => ({ type: 'sandbox', ...block })),
      ...(routes ? { routes } : {}),
    },
  };
  const { config, faults } = parseGatewayConfig({ apps: [app] }, '.', {});
  expect(faults).toEqual([]);
  return unverifiableProviders(config, new ProviderRegistry(config, [vendor])).map(
    ({ provider }) => provider,
  );
};

describe('unverifiableProviders', () => {
  it('names those with callbacks and neither key nor secret', () => {
    expect(
      found([
        { id: 'open' },
        { id: 'secret', callbackSecret: 'sixteen-letters-long' },
        { id: 'signed', from: 'signed' },
        { id: 'silent', from: 'silent' },
      ]),
    ).toEqual(['open']);
  });

  it('leaves out those through which nothing is sent', () => {
    expect(found([{ id: 'used' }, { id: 'spare' }], [{ use: ['used'] }])).toEqual(['used']);
  });
});
