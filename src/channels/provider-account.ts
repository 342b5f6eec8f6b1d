import type { ProviderAccount } from '../deliveries/provider-state.repository.js';
import { channelOf, type ClaimedPush } from '../domain/delivery.js';

/** A delivery without its address, as its job names it. */
export interface SendTarget {
  readonly appId: string;
  readonly provider: string;
  readonly kind: string;
}

/**
 * The provider account of a delivery. FCM, APNs and Web Push may share a provider id, so the transport is part of the
 * account; both APNs transports share one.
 */
export function accountOf(delivery: SendTarget): ProviderAccount {
  const { appId, provider, kind } = delivery;
  const channel = channelOf(delivery);
  switch (channel) {
    case 'push':
      return { appId, channel, provider: `${provider}:${kind === 'apns-voip' ? 'apns' : kind}` };
    case 'sms':
      return { appId, channel, provider };
  }
}

/**
 * The account of a push with its address. Each Web Push service is an account of its own because services fail
 * independently; browsers determine which services there are.
 */
export function accountOfPush(push: ClaimedPush): ProviderAccount {
  const account = accountOf(push);
  const service = push.kind === 'webpush' ? originOf(push.address.token) : undefined;
  return service === undefined ? account : { ...account, provider: `${account.provider}:${service}` };
}

/** The origin of a Web Push endpoint. */
export const originOf = (endpoint: string): string | undefined =>
  URL.canParse(endpoint) ? new URL(endpoint).origin : undefined;
