import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { SecretSetting } from '../../platform/config/settings.decorators.js';

export class ExpoSettings extends PushProviderSettings {
  static readonly summary = "Expo's push service, which forwards to FCM and APNs.";

  override type: 'expo';

  @SecretSetting({
    description: 'Access token, for Expo projects with enhanced security.',
    unset: 'none',
    example: '${EXPO_TOKEN}',
  })
  accessToken?: string;
}
