import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { SecretSetting, TextSetting, UrlSetting } from '../../platform/config/settings.decorators.js';

export class FcmSettings extends PushProviderSettings {
  static readonly summary = 'Firebase Cloud Messaging, HTTP v1.';

  override type: 'fcm';

  @SecretSetting({
    description: 'JSON of the service account, as downloaded from Firebase.',
    unset: "the machine's own credentials, which need `projectId`",
    example: './firebase.json',
  })
  serviceAccount?: string;

  @UrlSetting({
    description: 'Address of access tokens.',
    unset: "Google's own token endpoint",
  })
  tokenEndpoint?: string;

  @TextSetting({ description: 'Firebase project.', unset: "the service account's own" })
  projectId?: string;
}
