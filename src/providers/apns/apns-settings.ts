import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { ChoiceSetting, SecretSetting, TextSetting } from '../../platform/config/settings.decorators.js';

export class ApnsSettings extends PushProviderSettings {
  static readonly summary =
    'Apple Push Notification service with token authentication. Two blocks may share an id, one per environment.';

  override type: 'apns';

  @SecretSetting({ description: 'Signing key (.p8) as PEM.', example: './key.p8' })
  key: string;

  @TextSetting({
    description: 'Key id of the signing key.',
    pattern: [/^[A-Za-z0-9]{1,64}$/, 'a key id'],
    example: 'ABC1234567',
  })
  keyId: string;

  @TextSetting({
    description: 'Team id.',
    pattern: [/^[A-Za-z0-9]{1,64}$/, 'a team id'],
    example: 'DEF1234567',
  })
  teamId: string;

  @TextSetting({
    description: "The app's bundle id; VoIP pushes go to `<bundleId>.voip`.",
    pattern: [/^[A-Za-z0-9.-]{1,155}$/, 'a bundle id'],
    example: 'com.example.app',
  })
  bundleId: string;

  @ChoiceSetting(['production', 'sandbox'], {
    description:
      'APNs environment of the device tokens; `sandbox` for apps installed by Xcode. Devices without an environment are tried in production first.',
  })
  override environment: 'production' | 'sandbox' = 'production';
}
