import type { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import type { SmsProvider } from '../../providers/provider.js';

/** Where a vendor is to report what becomes of a text; undefined where it could not reach us, or would not. */
export function statusUrlOf(
  publicUrl: string | undefined,
  appId: string,
  settings: SmsProviderSettings | undefined,
  provider: SmsProvider | undefined,
): string | undefined {
  if (publicUrl === undefined || !settings || !provider?.callbacks) return undefined;
  const url = new URL(`${publicUrl}/callbacks/${appId}/sms/${settings.id}/status`);
  // A vendor that signs all it says needs no secret of ours, and its own logs are no place for one.
  const { callbacks } = provider;
  if ((!callbacks.isSigned || callbacks.secretOf) && settings.callbackSecret)
    url.searchParams.set('secret', settings.callbackSecret);
  return url.href;
}
