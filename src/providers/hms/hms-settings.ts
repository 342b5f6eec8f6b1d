import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { SecretSetting, TextSetting, UrlSetting } from '../../platform/config/settings.decorators.js';

export class HmsSettings extends PushProviderSettings {
  static readonly summary = 'Huawei Push Kit.';

  override type: 'hms';

  @TextSetting({
    description: 'App id.',
    pattern: [/^\d{1,32}$/, 'an app id'],
    example: '100000001',
  })
  appId: string;

  @SecretSetting({ description: 'App secret.', example: '${HMS_APP_SECRET}' })
  appSecret: string;

  @UrlSetting({ description: 'URL of the token endpoint.', unset: "Huawei's token endpoint" })
  tokenEndpoint?: string;
}
