import type { Account } from '../deliveries/provider-states.js';
import type { Channel } from '../domain/notification.js';

/**
 * The account that a delivery goes through. FCM, APNs and Web Push may share a provider's id, so the kind of device
 * is part of it; Apple's two kinds are one account.
 */
export function accountOf(
  channel: Channel,
  { appId, provider, kind }: { readonly appId: string; readonly provider: string; readonly kind: string },
): Account {
  if (channel === 'sms') return { appId, channel, provider };
  return { appId, channel, provider: `${provider}:${kind === 'apns-voip' ? 'apns' : kind}` };
}
