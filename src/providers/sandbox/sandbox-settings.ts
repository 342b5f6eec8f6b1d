import { PushProviderSettings } from '../../platform/config/provider-settings.js';
import { TextSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class SandboxPushSettings extends PushProviderSettings {
  static readonly summary =
    'Sends nothing: stores each push and shows it at `/sandbox/messages`. Serves all platforms.';

  override type: 'sandbox';
}

export class SandboxSmsSettings extends SmsProviderSettings {
  static readonly summary = 'Sends nothing: stores each SMS and shows it at `/sandbox/messages`.';

  override type: 'sandbox';

  @TextSetting({ description: 'Displayed sender.', unset: 'none', example: 'Bellhop' })
  override from?: string;
}
