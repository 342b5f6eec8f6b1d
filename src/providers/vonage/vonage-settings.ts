import { ChoiceSetting, SecretSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class VonageSettings extends SmsProviderSettings {
  static readonly summary = "Vonage's SMS API.";

  override type: 'vonage';

  @SecretSetting({ description: 'API key.', minLength: 1, example: '${VONAGE_API_KEY}' })
  apiKey: string;

  @SecretSetting({ description: 'API secret.', minLength: 1, example: '${VONAGE_API_SECRET}' })
  apiSecret: string;

  @SecretSetting({
    description: 'Secret that signs callbacks.',
    unset: 'callback URLs require `callbackSecret`',
    example: '${VONAGE_SIGNATURE_SECRET}',
  })
  signatureSecret?: string;

  @ChoiceSetting(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'], {
    description: "Signature method, as in the account's settings.",
  })
  signatureMethod: 'md5hash' | 'md5' | 'sha1' | 'sha256' | 'sha512' = 'sha256';
}
