import type { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import type { SmsProvider } from '../../providers/provider.js';

/** The URL for delivery reports; undefined without `PUBLIC_URL` or if the vendor has no callbacks. */
export function statusUrlOf(
  publicUrl: string | undefined,
  appId: string,
  settings: SmsProviderSettings | undefined,
  provider: SmsProvider | undefined,
): string | undefined {
  if (publicUrl === undefined || !settings || !provider?.callbacks) return undefined;
  const url = new URL(`${publicUrl}/callbacks/${appId}/sms/${settings.id}/status`);
  // A fully signed callback needs no secret, which would only end up in the vendor's logs.
  const { callbacks } = provider;
  if ((!callbacks.isSigned || callbacks.secretOf) && settings.callbackSecret)
    url.searchParams.set('secret', settings.callbackSecret);
  return url.href;
}
