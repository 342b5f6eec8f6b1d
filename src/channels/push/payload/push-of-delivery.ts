import type { DeliveryOptions, PushAddress } from '../../../domain/delivery.js';
import type { PushContent } from '../../../domain/event.js';
import { PushPresentationSettings } from '../../../platform/config/push-presentation-settings.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { pushPayload } from './push-payload.js';

/** The facts of a delivery from which its push is built. */
export interface PushDelivery extends Pick<PushContext, 'appId' | 'receivedAt' | 'expiresAt' | 'now'> {
  readonly content: PushContent;
  readonly address: Pick<PushAddress, 'transport' | 'platform'>;
  readonly options: DeliveryOptions;
}

/** @param settings undefined: the app was removed from the configuration. */
export function pushOfDelivery(
  { content, address, ...delivery }: PushDelivery,
  settings: PushPresentationSettings | undefined,
): BuiltPush {
  return pushPayload(content, address, {
    ...delivery,
    missedCall: delivery.options.missedCall ?? false,
    settings: settings ?? new PushPresentationSettings(),
  });
}
