import { inEnvironment, type ApnsEnvironment } from '../../domain/apns-environment.js';
import { TRANSPORTS, type Transport } from '../../domain/notification.js';
import type { PushProviderSettings } from '../../platform/config/provider-settings.js';

/** Transports served by each type of provider. */
export const REACH: Readonly<Record<string, readonly Transport[]>> = {
  sandbox: TRANSPORTS,
  fcm: ['fcm'],
  apns: ['apns', 'apns-voip'],
  webpush: ['webpush'],
  expo: ['expo'],
  hms: ['hms'],
};

/** The fields of a device that determine its provider. */
export interface ProvidedDevice {
  readonly providerId: string;
  readonly transport: Transport;
  readonly environment?: ApnsEnvironment | null | undefined;
}

/**
 * The provider that serves a device. Several may share an id, as FCM, APNs and Web Push do under `default`: the
 * device's transport selects one of them, and its environment one of two APNs accounts.
 *
 * @returns undefined if none is configured.
 */
export function pushProviderOf(
  providers: readonly PushProviderSettings[],
  { providerId, transport, environment }: ProvidedDevice,
): PushProviderSettings | undefined {
  const able = providers.filter(({ id, type }) => id === providerId && REACH[type]?.includes(transport));
  return inEnvironment(able, environment);
}

/** The `kind` of a device as shown: its transport, or `sandbox` if its provider is a sandbox. */
export function deviceKind(
  providers: readonly PushProviderSettings[],
  device: ProvidedDevice,
): Transport | 'sandbox' {
  return pushProviderOf(providers, device)?.type === 'sandbox' ? 'sandbox' : device.transport;
}
