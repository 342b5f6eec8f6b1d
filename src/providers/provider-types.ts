import type { ProviderTypes } from '../platform/config/provider-settings.js';
import { ApnsSettings } from './apns/apns-settings.js';
import { AwsSettings } from './aws/aws-settings.js';
import { ExpoSettings } from './expo/expo-settings.js';
import { FcmSettings } from './fcm/fcm-settings.js';
import { HmsSettings } from './hms/hms-settings.js';
import { HttpSmsSettings } from './http/http-settings.js';
import { InfobipSettings } from './infobip/infobip-settings.js';
import { MessageBirdSettings } from './messagebird/messagebird-settings.js';
import { PlivoSettings } from './plivo/plivo-settings.js';
import { SandboxPushSettings, SandboxSmsSettings } from './sandbox/sandbox-settings.js';
import { SinchSettings } from './sinch/sinch-settings.js';
import { SmppSettings } from './smpp/smpp-settings.js';
import { TelnyxSettings } from './telnyx/telnyx-settings.js';
import { TwilioSettings } from './twilio/twilio-settings.js';
import { VonageSettings } from './vonage/vonage-settings.js';
import { WebPushSettings } from './webpush/web-push-settings.js';

/**
 * The settings of every vendor, by channel and `type`. Importing them does not load the vendors' code, which the CLI
 * and the configuration do not need.
 */
export const PROVIDER_TYPES = {
  push: {
    sandbox: SandboxPushSettings,
    fcm: FcmSettings,
    apns: ApnsSettings,
    webpush: WebPushSettings,
    expo: ExpoSettings,
    hms: HmsSettings,
  },
  sms: {
    sandbox: SandboxSmsSettings,
    twilio: TwilioSettings,
    vonage: VonageSettings,
    aws: AwsSettings,
    plivo: PlivoSettings,
    telnyx: TelnyxSettings,
    messagebird: MessageBirdSettings,
    infobip: InfobipSettings,
    sinch: SinchSettings,
    smpp: SmppSettings,
    http: HttpSmsSettings,
  },
} as const satisfies ProviderTypes;
