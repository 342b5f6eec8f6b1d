import type { SmsSettings } from '../../platform/config/sms-settings.js';

/** The providers for a number of this country, in the order in which they are tried; none where no rule matches. */
export function providersFor(sms: SmsSettings, country: string | undefined): readonly string[] {
  if (!sms.routes) return sms.providers.map(({ id }) => id);
  const rule = sms.routes.find(
    ({ countries }) => countries === undefined || (country !== undefined && countries.includes(country)),
  );
  return rule?.use ?? [];
}
