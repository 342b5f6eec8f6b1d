import { TRANSPORTS, type Transport } from '../../domain/notification.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import type { PushProviderSettings } from '../../platform/config/provider-settings.js';

/** Which devices each type of provider can reach. */
const REACH: Readonly<Record<PushProviderSettings['type'], readonly Transport[]>> = {
  sandbox: TRANSPORTS,
  fcm: ['fcm'],
};

/**
 * The provider that serves a device. Several may share an id, as FCM, APNs and Web Push do under `default`: the
 * device's transport decides between them.
 *
 * @returns undefined where the configuration has none.
 */
export function pushProviderOf(
  app: AppSettings,
  providerId: string,
  transport: Transport,
): PushProviderSettings | undefined {
  return app.push.providers.find(({ id, type }) => id === providerId && REACH[type].includes(transport));
}
