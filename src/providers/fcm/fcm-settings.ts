import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { SecretSetting, TextSetting, UrlSetting } from '../../platform/config/settings.decorators.js';

export class FcmSettings extends PushProviderSettings {
  static readonly summary = 'Firebase Cloud Messaging, HTTP v1.';

  override type: 'fcm';

  @SecretSetting({
    description: 'Service account as JSON, downloaded from Firebase.',
    unset: "the machine's credentials, which require `projectId`",
    example: './firebase.json',
  })
  serviceAccount?: string;

  @UrlSetting({
    description: 'URL of the token endpoint.',
    unset: "Google's token endpoint",
  })
  tokenEndpoint?: string;

  @TextSetting({ description: 'Firebase project id.', unset: "the service account's project" })
  projectId?: string;
}
