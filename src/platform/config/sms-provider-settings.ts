import { ProviderSettings } from './provider-settings.js';
import {
  BooleanSetting,
  ChoiceSetting,
  IntSetting,
  SecretSetting,
  TextSetting,
} from './settings.decorators.js';

/** Keys of every SMS provider block; vendors add their own. */
export abstract class SmsProviderSettings extends ProviderSettings {
  @TextSetting({
    description: 'Sender that phones show: a number in E.164, a short code or a name.',
    minLength: 1,
    maxLength: 32,
    example: 'Bellhop',
  })
  from?: string;

  @IntSetting({
    description: 'Rate that the vendor allows, over all processes of the gateway.',
    unset: 'no limit',
    unit: 'per second',
    min: 1,
    example: 10,
  })
  throughputPerSecond?: number;

  @ChoiceSetting(['texts', 'segments'], {
    description: 'Unit of `throughputPerSecond`.',
    unset: '`segments` for `smpp`, `twilio` and `aws`, `texts` for all others',
  })
  throughputCounts?: 'texts' | 'segments';

  @SecretSetting({
    description:
      'Long random value in the callback addresses (`?secret=…`) of vendors that do not sign all their callbacks.',
    unset: 'none',
    minLength: 1,
    example: '${CALLBACK_SECRET}',
  })
  callbackSecret?: string;

  @BooleanSetting({
    description: 'Whether the vendor replies to STOP, START and HELP itself, so that the gateway does not.',
    unset: 'as the vendor does by default',
  })
  answersOptOuts?: boolean;
}
