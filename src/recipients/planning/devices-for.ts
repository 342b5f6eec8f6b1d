import { ALERTS_BESIDE_VOIP } from '../../domain/alerts-beside-voip.js';
import type { PushAddress } from '../../domain/delivery.js';

interface Candidate {
  readonly address: Pick<PushAddress, 'transport' | 'platform'>;
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
 * reporting a call, and after some such pushes sends it none at all. So it gets the beginning of a call alone, unless
 * the app asks for more. The alert token of the same phone would then show a second notification for the same ring, and
 * is left out, also where the app gets its messages by FCM; all other actions of a call go to the alert token.
 *
 * Tokens of one session are of one phone. Those without a session are taken to be phones of their own.
 * https://developer.apple.com/documentation/pushkit/responding-to-voip-notifications-from-pushkit
 *
 * @param isServed whether the configuration has a provider for it: a VoIP token without one reaches nobody.
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
