import type { AppSettings } from '../../platform/config/app-settings.js';
import type { ReachableDevice } from '../devices/device-lookup.js';
import { pushProviderOf } from '../devices/push-provider-of.js';
import { devicesFor } from './devices-for.js';

/** The devices of a user that show messages and have a provider in the app. */
export function liveDevices(
  { push }: AppSettings,
  registered: readonly ReachableDevice[],
): ReachableDevice[] {
  return devicesFor(registered, undefined, push.calls).filter(
    ({ address, providerId }) => pushProviderOf(push.providers, { ...address, providerId }) !== undefined,
  );
}
