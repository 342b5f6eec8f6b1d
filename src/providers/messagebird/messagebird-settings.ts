import { SecretSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class MessageBirdSettings extends SmsProviderSettings {
  static readonly summary = 'MessageBird.';

  override type: 'messagebird';

  @SecretSetting({ description: 'Access key.', minLength: 1, example: '${MESSAGEBIRD_ACCESS_KEY}' })
  accessKey: string;

  @SecretSetting({
    description: 'Key that signs callbacks.',
    unset: 'callback URLs require `callbackSecret`',
    example: '${MESSAGEBIRD_SIGNING_KEY}',
  })
  signingKey?: string;
}
