import { describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from '../../../platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../../../providers/provider-types.js';
import type { SmsProvider } from '../../../providers/provider.js';
import type { SmsProviderFactory } from '../../../providers/provider-factory.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { halfSignedProviders, unverifiableProviders } from './unverifiable.js';

const SIGNED: Readonly<Record<string, object>> = {
  signed: { isSigned: () => true },
  'half-signed': { isSigned: () => true, secretOf: () => 'beside' },
};

/** `from` selects whether callbacks are signed; `silent` has none. */
const vendor: SmsProviderFactory = {
  channel: 'sms',
  type: 'sandbox',
  create: ({ from }): SmsProvider => ({
    send: async () => ({ outcome: 'accepted', vendorMessageId: null }),
    check: async () => ({ outcome: 'ok', code: null, text: '' }),
    close: async () => undefined,
    ...(from === 'silent' ? {} : { callbacks: { readStatus: () => [], ...SIGNED[from ?? ''] } }),
  }),
};

const found = (providers: object[], routes?: object[], find = unverifiableProviders): string[] => {
  const app = {
    appId: 'app123',
    region: 'us',
    webhook: { basicAuth: [{ username: 'cometchat', password: 'secret' }] },
    sms: {
      providers: providers.map((block) => ({ type: 'sandbox', ...block })),
      ...(routes ? { routes } : {}),
    },
  };
  const { config, faults } = parseGatewayConfig({ apps: [app] }, '.', {}, PROVIDER_TYPES);
  expect(faults).toEqual([]);
  return find(config, new ProviderRegistry(config, [vendor])).map(({ provider }) => provider);
};

describe('halfSignedProviders', () => {
  it('lists providers with a partial signature and no callback secret', () => {
    const blocks = [
      { id: 'half', from: 'half-signed' },
      { id: 'secret', from: 'half-signed', callbackSecret: 'sixteen-letters-long' },
      { id: 'signed', from: 'signed' },
      { id: 'open' },
    ];
    expect(found(blocks, undefined, halfSignedProviders)).toEqual(['half']);
    expect(found(blocks)).toEqual(['open']);
  });
});

describe('unverifiableProviders', () => {
  it('lists providers with callbacks but neither key nor secret', () => {
    expect(
      found([
        { id: 'open' },
        { id: 'secret', callbackSecret: 'sixteen-letters-long' },
        { id: 'signed', from: 'signed' },
        { id: 'silent', from: 'silent' },
      ]),
    ).toEqual(['open']);
  });

  it('omits providers that no route uses', () => {
    expect(found([{ id: 'used' }, { id: 'spare' }], [{ use: ['used'] }])).toEqual(['used']);
  });
});
