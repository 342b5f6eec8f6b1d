import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { SecretSetting, TextSetting, UrlSetting } from '../../platform/config/settings.decorators.js';

export class HmsSettings extends PushProviderSettings {
  static readonly summary = 'Huawei Push Kit.';

  override type: 'hms';

  @TextSetting({
    description: "The app's number.",
    pattern: [/^\d{1,32}$/, 'the number of an app'],
    example: '100000001',
  })
  appId: string;

  @SecretSetting({ description: "The app's secret.", example: '${HMS_APP_SECRET}' })
  appSecret: string;

  @UrlSetting({ description: 'Address of access tokens.', unset: "Huawei's own token endpoint" })
  tokenEndpoint?: string;
}
