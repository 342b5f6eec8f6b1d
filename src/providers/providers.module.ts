import { Module } from '@nestjs/common';
import { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { ALWAYS_UP, SandboxSwitch } from '../domain/sandbox-switch.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { apns } from './apns/apns.provider.js';
import { aws } from './aws/aws.provider.js';
import { expo } from './expo/expo.provider.js';
import { fcm } from './fcm/fcm.provider.js';
import { hms } from './hms/hms.provider.js';
import { httpSms } from './http/http.provider.js';
import { infobip } from './infobip/infobip.provider.js';
import { messagebird } from './messagebird/messagebird.provider.js';
import { plivo } from './plivo/plivo.provider.js';
import type { ProviderFactory } from './provider-factory.js';
import { ProviderRegistry } from './provider-registry.js';
import { sandboxPush } from './sandbox/sandbox-push.provider.js';
import { sandboxSms } from './sandbox/sandbox-sms.provider.js';
import { sinch } from './sinch/sinch.provider.js';
import { smpp } from './smpp/smpp.provider.js';
import { telnyx } from './telnyx/telnyx.provider.js';
import { twilio } from './twilio/twilio.provider.js';
import { vonage } from './vonage/vonage.provider.js';
import { webpush } from './webpush/web-push.provider.js';

/** All vendors; add a new one here. */
export function installedProviders(
  mailbox: SandboxMailbox,
  sandboxSwitch: SandboxSwitch = ALWAYS_UP,
): readonly ProviderFactory[] {
  const push = [sandboxPush(mailbox, sandboxSwitch), fcm, apns, webpush, expo, hms];
  const sms = [
    sandboxSms(mailbox, sandboxSwitch),
    twilio,
    vonage,
    aws,
    plivo,
    telnyx,
    messagebird,
    infobip,
    sinch,
    smpp,
    httpSms,
  ];
  return [...push, ...sms];
}

/** The configured accounts. Global modules provide `GatewayConfig`, `SandboxMailbox` and `SandboxSwitch`. */
@Module({
  providers: [
    {
      provide: ProviderRegistry,
      useFactory: (config: GatewayConfig, mailbox: SandboxMailbox, sandboxSwitch: SandboxSwitch) =>
        new ProviderRegistry(config, installedProviders(mailbox, sandboxSwitch)),
      inject: [GatewayConfig, SandboxMailbox, SandboxSwitch],
    },
  ],
  exports: [ProviderRegistry],
})
export class ProvidersModule {}
