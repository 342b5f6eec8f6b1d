import { SecretSetting, TextSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class TwilioSettings extends SmsProviderSettings {
  static readonly summary = 'Twilio Programmable Messaging.';

  override type: 'twilio';

  @TextSetting({
    description: 'Account SID.',
    pattern: [/^AC[0-9a-zA-Z]{1,62}$/, 'an account SID (AC…)'],
    example: '${TWILIO_ACCOUNT_SID}',
  })
  accountSid: string;

  @SecretSetting({
    description: 'Auth token, which also signs callbacks.',
    requiredUnless: 'apiKeySid',
    example: '${TWILIO_TOKEN}',
  })
  authToken?: string;

  @TextSetting({
    description: 'SID of an API key.',
    unset: '`authToken` is used',
    pattern: [/^SK[0-9a-zA-Z]{1,62}$/, 'an API key SID (SK…)'],
  })
  apiKeySid?: string;

  @SecretSetting({ description: 'Secret of the API key.', requiredWith: 'apiKeySid' })
  apiKeySecret?: string;

  @TextSetting({
    description: 'Displayed sender: a number in E.164, a short code or a name.',
    requiredUnless: 'messagingServiceSid',
    example: '+15005550006',
  })
  override from?: string;

  @TextSetting({
    description: 'SID of a messaging service, instead of `from`.',
    unset: '`from` is used',
    pattern: [/^MG[0-9a-zA-Z]{1,62}$/, 'a messaging service SID (MG…)'],
  })
  messagingServiceSid?: string;
}
