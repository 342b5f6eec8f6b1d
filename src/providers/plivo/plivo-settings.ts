import { SecretSetting, TextSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class PlivoSettings extends SmsProviderSettings {
  static readonly summary = 'Plivo.';

  override type: 'plivo';

  @TextSetting({ description: 'Auth ID.', minLength: 1, example: '${PLIVO_AUTH_ID}' })
  authId: string;

  @SecretSetting({
    description: 'Auth token, which also signs callbacks.',
    minLength: 1,
    example: '${PLIVO_AUTH_TOKEN}',
  })
  authToken: string;
}
