import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { SecretSetting, TextSetting, TextsSetting } from '../../platform/config/settings.decorators.js';

export class WebPushSettings extends PushProviderSettings {
  static readonly summary =
    'Web Push (RFC 8030) with VAPID (RFC 8292). `npx web-push generate-vapid-keys` prints a key pair.';

  override type: 'webpush';

  @TextSetting({
    description: 'Public VAPID key in base64url.',
    pattern: [/^[A-Za-z0-9_-]{87}=?$/, '65 bytes in base64url'],
    file: true,
    example: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  })
  publicKey: string;

  @SecretSetting({
    description: 'Private VAPID key in base64url.',
    pattern: [/^[A-Za-z0-9_-]{43}=?$/, '32 bytes in base64url'],
    example: '${VAPID_PRIVATE_KEY}',
  })
  privateKey: string;

  @TextSetting({
    description: 'Contact address for push services.',
    pattern: [/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'a mailto: or https: address'],
    example: 'mailto:ops@example.com',
  })
  subject: string;

  @TextsSetting({
    description: 'Additional push service origins, besides those of Chrome, Firefox, Edge and Safari.',
    pattern: [/^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, 'origins, such as https://push.example.com'],
  })
  override allowedEndpoints: string[] = [];
}
