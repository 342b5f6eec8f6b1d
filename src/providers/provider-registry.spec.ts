import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { TRANSPORTS } from '../domain/notification.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';
import { parseGatewayConfig } from '../platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from './provider-types.js';
import { EitherEnvironment } from './either-environment.js';
import { ProviderRegistry } from './provider-registry.js';
import type { ProviderFactory } from './provider-factory.js';
import type { Provider } from './provider.js';

class FakeProvider implements Provider<unknown> {
  closed = 0;

  async send(): Promise<never> {
    throw new Error('not sent');
  }

  async check(): Promise<never> {
    throw new Error('not checked');
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

function configOf(...appIds: string[]): GatewayConfig {
  const apps = appIds.map((appId) => ({
    appId,
    region: 'us',
    webhook: { basicAuth: [{ username: 'u', password: 'p' }] },
    push: { providers: [{ id: 'default', type: 'sandbox' }] },
    sms: { providers: [{ id: 'sms1', type: 'sandbox' }] },
  }));
  const { config, faults } = parseGatewayConfig({ apps }, '.', {}, PROVIDER_TYPES);
  expect(faults).toEqual([]);
  return config;
}

describe('ProviderRegistry', () => {
  const made: FakeProvider[] = [];
  const create = (): FakeProvider => {
    const provider = new FakeProvider();
    made.push(provider);
    return provider;
  };
  const factories: ProviderFactory[] = [
    { channel: 'push', type: 'sandbox', transports: TRANSPORTS, create },
    { channel: 'sms', type: 'sandbox', create },
  ];

  it('finds a provider by app, id and transport, and closes each once', async () => {
    const registry = new ProviderRegistry(configOf('app1', 'app2'), factories);
    expect(registry.pushProvider('app1', 'default', { transport: 'fcm' })).toBe(
      registry.pushProvider('app1', 'default', { transport: 'webpush' }),
    );
    expect(registry.pushProvider('app1', 'default', { transport: 'fcm' })).not.toBe(
      registry.pushProvider('app2', 'default', { transport: 'fcm' }),
    );
    expect(registry.smsProvider('app1', 'sms1')).toBeDefined();
    expect(registry.smsProvider('app1', 'default')).toBeUndefined();
    expect(registry.pushProvider('app3', 'default', { transport: 'fcm' })).toBeUndefined();
    await registry.onApplicationShutdown();
    expect(made.map(({ closed }) => closed)).toEqual([1, 1, 1, 1]);
  });

  it('selects between accounts with the same id by the device environment', () => {
    const key = { key: 'PEM', keyId: 'K', teamId: 'T', bundleId: 'com.example.app' };
    const apns = (environment: string): object => ({ id: 'default', type: 'apns', environment, ...key });
    const app = {
      appId: 'app1',
      region: 'us',
      webhook: { basicAuth: [{ username: 'u', password: 'p' }] },
      push: { providers: [apns('production'), apns('sandbox')] },
    };
    const { config, faults } = parseGatewayConfig({ apps: [app] }, '.', {}, PROVIDER_TYPES);
    expect(faults).toEqual([]);
    const factory: ProviderFactory = {
      channel: 'push',
      type: 'apns',
      transports: ['apns', 'apns-voip'],
      environmentOf: (settings) => settings.environment ?? 'production',
      create,
    };
    const registry = new ProviderRegistry(config, [factory]);
    const [production, sandbox] = made.slice(-2);
    const of = (transport: 'apns' | 'apns-voip', environment?: 'production' | 'sandbox') =>
      registry.pushProvider('app1', 'default', { transport, environment });
    expect(of('apns', 'production')).toBe(production);
    expect(of('apns', 'sandbox')).toBe(sandbox);
    expect(of('apns-voip', 'sandbox')).toBe(sandbox);
    expect(of('apns')).toBeInstanceOf(EitherEnvironment);
    expect(of('apns')).toBe(of('apns'));
  });

  it('names the app and provider of an invalid setting', () => {
    const broken: ProviderFactory = {
      channel: 'sms',
      type: 'sandbox',
      create: () => {
        throw new Error('from is required');
      },
    };
    const start = (): ProviderRegistry =>
      new ProviderRegistry(configOf('app1'), [...factories.slice(0, 1), broken]);
    expect(start).toThrow('app1: SMS provider sms1: from is required.');
  });

  it('names a provider type that is not installed', () => {
    expect(() => new ProviderRegistry(configOf('app1'), [])).toThrow(
      'app1: no push provider of type sandbox',
    );
  });
});
