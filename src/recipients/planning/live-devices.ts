import type { AppSettings } from '../../platform/config/app-settings.js';
import type { ReachableDevice } from '../devices/device-lookup.js';
import { pushProviderOf } from '../devices/push-provider-of.js';
import { devicesFor } from './devices-for.js';

/** Those of a person's devices that show messages, and that one of the app's providers serves. */
export function liveDevices(
  { push }: AppSettings,
  registered: readonly ReachableDevice[],
): ReachableDevice[] {
  return devicesFor(registered, undefined, push.calls).filter(
    ({ address, providerId }) => pushProviderOf(push.providers, { ...address, providerId }) !== undefined,
  );
}
