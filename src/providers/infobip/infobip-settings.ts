import { SecretSetting, UrlSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class InfobipSettings extends SmsProviderSettings {
  static readonly summary = 'Infobip.';

  override type: 'infobip';

  @SecretSetting({ description: 'API key.', minLength: 1, example: '${INFOBIP_API_KEY}' })
  apiKey: string;

  @UrlSetting({
    description: "The account's base URL.",
    example: 'https://xyz123.api.infobip.com',
  })
  override endpoint: string;
}
