import type { Transport } from '../../domain/notification.js';

interface Candidate {
  readonly address: { readonly transport: Transport };
  readonly sessionId: string | null;
}

export interface CallDeviceSettings {
  /** The app reports every VoIP push as a call, and wants to hear of its end in the same way. */
  readonly endActionsAsVoip: boolean;
}

/**
 * Which of a person's devices a push goes to.
 *
 * A VoIP token makes the phone ring and must do nothing else: Apple ends an app that takes a VoIP push without
 * reporting a call, and after some such pushes sends it none at all. So it gets the beginning of a call alone, unless the app asks for more. The
 * alert token of the same login would then show a second notification for the same ring, and is left out; all other
 * actions of a call go to the alert token.
 * https://developer.apple.com/documentation/pushkit/responding-to-voip-notifications-from-pushkit
 */
export function devicesFor<D extends Candidate>(
  devices: readonly D[],
  callAction: string | undefined,
  { endActionsAsVoip }: CallDeviceSettings,
): D[] {
  const voip = devices.filter(({ address }) => address.transport === 'apns-voip');
  const isCall = callAction !== undefined;
  if (!isCall || (callAction !== 'initiated' && !endActionsAsVoip)) {
    return devices.filter((device) => !voip.includes(device));
  }
  const reachedByVoip = ({ address, sessionId }: D): boolean =>
    address.transport === 'apns' && voip.some((device) => device.sessionId === sessionId);
  return devices.filter((device) => !reachedByVoip(device));
}
