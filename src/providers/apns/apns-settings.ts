import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { ChoiceSetting, SecretSetting, TextSetting } from '../../platform/config/settings.decorators.js';

export class ApnsSettings extends PushProviderSettings {
  static readonly summary =
    'Apple Push Notification service, by token. Two blocks may share an id, one for each environment.';

  override type: 'apns';

  @SecretSetting({ description: 'Signing key (.p8) as PEM.', example: './key.p8' })
  key: string;

  @TextSetting({
    description: 'Id of the signing key.',
    pattern: [/^[A-Za-z0-9]{1,64}$/, 'the id of a signing key'],
    example: 'ABC1234567',
  })
  keyId: string;

  @TextSetting({
    description: 'Id of the team.',
    pattern: [/^[A-Za-z0-9]{1,64}$/, 'the id of a team'],
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
      'Environment that issued the tokens of its devices; `sandbox` for apps that Xcode installed. A device that names no environment is served in production first.',
  })
  override environment: 'production' | 'sandbox' = 'production';
}
