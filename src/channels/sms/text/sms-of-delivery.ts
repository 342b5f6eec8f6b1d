import type { DeliveryOptions } from '../../../domain/delivery.js';
import type { SmsContent } from '../../../domain/event.js';
import type { AppSettings } from '../../../platform/config/app-settings.js';
import { composeSms, type ComposedSms } from './compose-sms.js';

/**
 * The SMS of a delivery.
 *
 * @param content of the notification; the copy of a push always has its text, and its content belongs to the push.
 * @returns undefined if there is nothing to say.
 */
export function smsOfDelivery(
  { text: given, sms: plan }: Pick<DeliveryOptions, 'text' | 'sms'>,
  content: unknown,
  { appId, sms }: Pick<AppSettings, 'appId' | 'sms'>,
): ComposedSms | undefined {
  const language = plan?.language;
  return composeSms(
    given === undefined ? { content: content as SmsContent } : { given },
    { appId, ...(language === undefined ? {} : { language }) },
    sms.text,
  );
}
