import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { ALWAYS_UP, SandboxSwitch } from '../domain/sandbox-switch.js';
import { DEMO_CONFIG } from '../platform/config/demo-config.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { parseGatewayConfig } from '../platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from './provider-types.js';
import { REACH } from '../recipients/devices/push-provider-of.js';
import { ProviderRegistry } from './provider-registry.js';
import { installedProviders, ProvidersModule } from './providers.module.js';

class FakeMailbox extends SandboxMailbox {
  async put(): Promise<void> {}
}

const { config } = parseGatewayConfig(DEMO_CONFIG, '.', {}, PROVIDER_TYPES);

@Global()
@Module({
  providers: [
    { provide: GatewayConfig, useValue: config },
    { provide: SandboxMailbox, useClass: FakeMailbox },
    { provide: SandboxSwitch, useValue: ALWAYS_UP },
  ],
  exports: [GatewayConfig, SandboxMailbox, SandboxSwitch],
})
class Surroundings {}

describe('ProvidersModule', () => {
  it('creates the configured providers', async () => {
    const module = await Test.createTestingModule({ imports: [Surroundings, ProvidersModule] }).compile();
    const registry = module.get(ProviderRegistry);
    expect(registry.pushProvider('app123', 'default', { transport: 'apns-voip' })).toBeDefined();
    expect(registry.smsProvider('app123', 'sandbox')).toBeDefined();
    await module.close();
  });

  it('has a vendor for every type in the configuration', () => {
    const types = (channel: string): string[] =>
      installedProviders(new FakeMailbox())
        .filter((factory) => factory.channel === channel)
        .map(({ type }) => type);
    expect(types('push').sort()).toEqual(Object.keys(PROVIDER_TYPES.push).sort());
    expect(types('sms').sort()).toEqual(Object.keys(PROVIDER_TYPES.sms).sort());
  });

  it('serves the transports that registration expects of each vendor', () => {
    const reached = installedProviders(new FakeMailbox()).flatMap((factory) =>
      factory.channel === 'push' ? [[factory.type, factory.transports]] : [],
    );
    expect(Object.fromEntries(reached)).toEqual(REACH);
  });
});
