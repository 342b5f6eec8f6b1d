import type { DeliveryOptions } from '../../../domain/delivery.js';
import type { PushPresentationSettings } from '../../../platform/config/push-presentation-settings.js';

/** What a push depends on beside the event and the device. */
export interface PushContext {
  readonly appId: string;
  /** When the event came in: what a call that names no time counts from. */
  readonly receivedAt: Date;
  /** The end of the delivery's lifetime: no vendor may keep the push longer. */
  readonly expiresAt: Date;
  readonly now: Date;
  /** Whether the ring of this call had been sent to this person: only then can it have been missed. */
  readonly missedCall: boolean;
  /** What rules of the configuration make of this push. */
  readonly options: DeliveryOptions;
  readonly settings: PushPresentationSettings;
}

/** A push as its vendor takes it. */
export interface BuiltPush {
  /** The body of the vendor's request, without the device's token. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Headers that say how to treat the push, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The fields that had to go, or to be cut, so that the push fits; in that order. */
  readonly dropped: readonly string[];
}
