import { SecretSetting, TextSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class TelnyxSettings extends SmsProviderSettings {
  static readonly summary = 'Telnyx.';

  override type: 'telnyx';

  @SecretSetting({ description: 'API key.', minLength: 1, example: '${TELNYX_API_KEY}' })
  apiKey: string;

  @TextSetting({
    description: 'Displayed sender: a number in E.164, a short code or a name.',
    requiredUnless: 'messagingProfileId',
    example: '+15005550006',
  })
  override from?: string;

  @TextSetting({ description: 'Messaging profile, instead of `from`.', unset: '`from` is used' })
  messagingProfileId?: string;

  @TextSetting({
    description: "Telnyx's public Ed25519 key for callback signatures, in base64.",
    unset: 'callback URLs require `callbackSecret`',
    pattern: [/^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64'],
    file: true,
  })
  publicKey?: string;
}
