import type { Plan } from '../../deliveries/records.js';
import type { SmsContent } from '../../domain/event.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { newIdAfter } from '../../platform/ids/new-id.js';
import { countryOf, toE164 } from '../../platform/phone/phone-number.js';

/**
 * Plans the reply to an SMS: to its sender's number, through the account that received it. The user has asked for it, so
 * no rule and no policy applies, but only allowed countries get a reply.
 */
export function planReply(
  app: AppSettings,
  provider: string,
  notificationId: string,
  content: SmsContent,
): Plan {
  const phno = toE164(content.to.phno ?? '', app.sms.defaultCountry);
  if (phno === undefined) return { skipped: 'skipped', reason: 'invalid_phone_number' };
  const country = countryOf(phno);
  const { countries, providers } = app.sms;
  if (countries && (country === undefined || !countries.includes(country)))
    return { skipped: 'skipped', reason: 'country_not_allowed' };
  if (!providers.some(({ id }) => id === provider)) return { skipped: 'skipped', reason: 'no_provider' };
  const sms = {
    route: [provider],
    onOverQuota: 'wait',
    country: country ?? null,
    isReply: true,
  } as const;
  return {
    deliveries: [
      {
        id: newIdAfter(notificationId),
        provider,
        kind: 'sms',
        deviceId: null,
        address: { phno },
        options: { sms },
      },
    ],
  };
}
