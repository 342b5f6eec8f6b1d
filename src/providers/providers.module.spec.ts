import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { DEMO_CONFIG } from '../platform/config/demo-config.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { parseGatewayConfig } from '../platform/config/load-gateway-config.js';
import { PUSH_PROVIDER_TYPES } from '../platform/config/provider-settings.js';
import { SMS_PROVIDER_TYPES } from '../platform/config/sms-provider-settings.js';
import { ProviderRegistry } from './provider-registry.js';
import { installedProviders, ProvidersModule } from './providers.module.js';

class FakeMailbox extends SandboxMailbox {
  async put(): Promise<void> {}
}

const { config } = parseGatewayConfig(DEMO_CONFIG, '.', {});

@Global()
@Module({
  providers: [
    { provide: GatewayConfig, useValue: config },
    { provide: SandboxMailbox, useClass: FakeMailbox },
  ],
  exports: [GatewayConfig, SandboxMailbox],
})
class Surroundings {}

describe('ProvidersModule', () => {
  it('sets the configured providers up', async () => {
    const module = await Test.createTestingModule({ imports: [Surroundings, ProvidersModule] }).compile();
    const registry = module.get(ProviderRegistry);
    expect(registry.pushProvider('app123', 'default', { transport: 'apns-voip' })).toBeDefined();
    expect(registry.smsProvider('app123', 'sandbox')).toBeDefined();
    await module.close();
  });

  it('has a vendor for every type that the configuration knows', () => {
    const types = (channel: string): string[] =>
      installedProviders(new FakeMailbox())
        .filter((factory) => factory.channel === channel)
        .map(({ type }) => type);
    expect(types('push').sort()).toEqual(Object.keys(PUSH_PROVIDER_TYPES).sort());
    expect(types('sms').sort()).toEqual(Object.keys(SMS_PROVIDER_TYPES).sort());
  });
});
