import type { ProviderAccount } from '../deliveries/provider-state.repository.js';
import type { Channel } from '../domain/notification.js';

/** A delivery, or the job for it, which knows no address. */
interface Sent {
  readonly appId: string;
  readonly provider: string;
  readonly kind: string;
  readonly address?: object;
}

/**
 * The account that a delivery goes through. FCM, APNs and Web Push may share a provider's id, so the kind of device
 * is part of it; Apple's two kinds are one account. Of Web Push each push service is one of its own: what one of them
 * does says nothing of the others, and which ones there are is up to those who register browsers.
 */
export function accountOf(channel: Channel, { appId, provider, kind, address }: Sent): ProviderAccount {
  if (channel === 'sms') return { appId, channel, provider };
  const account = `${provider}:${kind === 'apns-voip' ? 'apns' : kind}`;
  const service = kind === 'webpush' ? originOf(address) : undefined;
  return { appId, channel, provider: service === undefined ? account : `${account}:${service}` };
}

function originOf(address: object | undefined): string | undefined {
  const endpoint = address && 'token' in address ? String(address.token) : '';
  return URL.canParse(endpoint) ? new URL(endpoint).origin : undefined;
}
