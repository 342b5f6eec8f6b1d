import { inEnvironment, type ApnsEnvironment } from '../../domain/apns-environment.js';
import { TRANSPORTS, type Transport } from '../../domain/notification.js';
import type { PushProviderSettings } from '../../platform/config/provider-settings.js';

/** The transports that each type of provider serves. */
export const REACH: Readonly<Record<string, readonly Transport[]>> = {
  sandbox: TRANSPORTS,
  fcm: ['fcm'],
  apns: ['apns', 'apns-voip'],
  webpush: ['webpush'],
  expo: ['expo'],
  hms: ['hms'],
};

/** What a device needs to have for its provider to be found. */
export interface ProvidedDevice {
  readonly providerId: string;
  readonly transport: Transport;
  readonly environment?: ApnsEnvironment | null | undefined;
}

/**
 * The provider that serves a device. Several may share an id, as FCM, APNs and Web Push do under `default`: the
 * device's transport decides between them, and its environment between two accounts with APNs.
 *
 * @returns undefined where the configuration has none.
 */
export function pushProviderOf(
  providers: readonly PushProviderSettings[],
  { providerId, transport, environment }: ProvidedDevice,
): PushProviderSettings | undefined {
  const able = providers.filter(({ id, type }) => id === providerId && REACH[type]?.includes(transport));
  return inEnvironment(able, environment);
}

/** The `kind` of a device as people see it: how a push travels to it, or `sandbox` where it would not travel at all. */
export function deviceKind(
  providers: readonly PushProviderSettings[],
  device: ProvidedDevice,
): Transport | 'sandbox' {
  return pushProviderOf(providers, device)?.type === 'sandbox' ? 'sandbox' : device.transport;
}
