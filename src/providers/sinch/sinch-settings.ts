import { SecretSetting, TextSetting } from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

export class SinchSettings extends SmsProviderSettings {
  static readonly summary = 'Sinch.';

  override type: 'sinch';

  @TextSetting({ description: 'Service plan id.', minLength: 1, example: '${SINCH_SERVICE_PLAN_ID}' })
  servicePlanId: string;

  @SecretSetting({ description: 'API token.', minLength: 1, example: '${SINCH_API_TOKEN}' })
  apiToken: string;

  @SecretSetting({
    description: 'Secret that signs callbacks, if the service plan has one.',
    unset: '`callbackSecret`, which may be the same secret',
    minLength: 1,
    example: '${SINCH_SIGNATURE_SECRET}',
  })
  signatureSecret?: string;
}
