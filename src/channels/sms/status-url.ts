import type { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import type { CallbackReader } from '../../providers/callback.js';
import type { SmsProvider } from '../../providers/provider.js';

/** A callback address of an account, without its secret; undefined without `PUBLIC_URL`. */
export function callbackUrl(
  publicUrl: string | undefined,
  appId: string,
  provider: string,
  kind: 'status' | 'inbound',
): URL | undefined {
  return publicUrl === undefined
    ? undefined
    : new URL(`${publicUrl}/callbacks/${appId}/sms/${provider}/${kind}`);
}

/**
 * Whether the address needs the account's `callbackSecret`. A fully signed callback needs none, which would only end up in
 * the vendor's logs.
 */
export function takesSecret(
  callbacks: CallbackReader,
  { callbackSecret }: Pick<SmsProviderSettings, 'callbackSecret'>,
): boolean {
  return (!callbacks.isSigned || callbacks.secretOf !== undefined) && Boolean(callbackSecret);
}

/** The URL for delivery reports; undefined without `PUBLIC_URL` or if the vendor has no callbacks. */
export function statusUrlOf(
  publicUrl: string | undefined,
  appId: string,
  settings: SmsProviderSettings | undefined,
  provider: SmsProvider | undefined,
): string | undefined {
  if (!settings || !provider?.callbacks) return undefined;
  const url = callbackUrl(publicUrl, appId, settings.id, 'status');
  if (url && settings.callbackSecret && takesSecret(provider.callbacks, settings))
    url.searchParams.set('secret', settings.callbackSecret);
  return url?.href;
}
