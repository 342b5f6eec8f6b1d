import { ALERTS_BESIDE_VOIP } from '../../domain/alerts-beside-voip.js';
import type { PushAddress } from '../../domain/delivery.js';

interface Candidate {
  readonly address: Pick<PushAddress, 'transport' | 'platform'>;
  readonly sessionId: string | null;
}

export interface CallDeviceSettings {
  /** The app reports every VoIP push as a call, and receives the end of a call by VoIP as well. */
  readonly endActionsAsVoip: boolean;
}

/**
 * Selects the devices of a user that receive a push.
 *
 * A VoIP token makes the phone ring and must do nothing else: iOS terminates an app that receives a VoIP push without
 * reporting a call, and stops delivering them after several such pushes. So it gets only the start of a call, unless
 * the app asks for more. The alert token of the same phone would show a second notification for that ring and is left
 * out, even if the app gets its messages by FCM; all other actions of a call go to the alert token.
 *
 * Tokens of one session belong to one phone. A token without a session counts as a phone of its own.
 * https://developer.apple.com/documentation/pushkit/responding-to-voip-notifications-from-pushkit
 *
 * @param isServed whether a provider is configured for a device: a VoIP token without one reaches nobody.
 */
export function devicesFor<D extends Candidate>(
  devices: readonly D[],
  callAction: string | undefined,
  { endActionsAsVoip }: CallDeviceSettings,
  isServed: (device: D) => boolean = () => true,
): D[] {
  const voip = devices.filter(({ address }) => address.transport === 'apns-voip');
  const isCall = callAction !== undefined;
  if (!isCall || (callAction !== 'initiated' && !endActionsAsVoip)) {
    return devices.filter((device) => !voip.includes(device));
  }
  const phonesWithVoip = new Set(voip.filter(isServed).map(({ sessionId }) => sessionId));
  const isReachedByVoip = ({ address, sessionId }: D): boolean =>
    sessionId !== null && phonesWithVoip.has(sessionId) && ALERTS_BESIDE_VOIP.includes(address.platform);
  return devices.filter((device) => !isReachedByVoip(device));
}
