import { Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { apns } from './apns/apns.provider.js';
import { expo } from './expo/expo.provider.js';
import { fcm } from './fcm/fcm.provider.js';
import { hms } from './hms/hms.provider.js';
import type { ProviderFactory } from './provider-factory.js';
import { ProviderRegistry } from './provider-registry.js';
import { sandboxPush } from './sandbox/sandbox-push.provider.js';
import { sandboxSms } from './sandbox/sandbox-sms.provider.js';
import { smpp } from './smpp/smpp.provider.js';
import { twilio } from './twilio/twilio.provider.js';
import { webpush } from './webpush/web-push.provider.js';

/** Every vendor that is installed; a new one is one line here. */
export function installedProviders(mailbox: SandboxMailbox): readonly ProviderFactory[] {
  return [sandboxPush(mailbox), fcm, apns, webpush, expo, hms, sandboxSms(mailbox), twilio, smpp];
}

/** The configured accounts. `SandboxMailbox` and `GatewayConfig` come from global modules. */
@Module({
  providers: [
    {
      provide: ProviderRegistry,
      useFactory: (config: GatewayConfig, mailbox: SandboxMailbox) =>
        new ProviderRegistry(config, installedProviders(mailbox)),
      inject: [GatewayConfig, SandboxMailbox],
    },
  ],
  exports: [ProviderRegistry],
})
export class ProvidersModule {}
