import type { ProviderAccount } from '../deliveries/provider-state.repository.js';
import type { Channel } from '../domain/notification.js';

/** A delivery, or its job, which has no address. */
interface Sent {
  readonly appId: string;
  readonly provider: string;
  readonly kind: string;
  readonly address?: object;
}

/**
 * The provider account of a delivery. FCM, APNs and Web Push may share a provider id, so the transport is part of the
 * account; both APNs transports share one. Each Web Push service is an account of its own because services fail
 * independently; browsers determine which services there are.
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
