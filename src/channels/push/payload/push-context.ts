import type { DeliveryOptions } from '../../../domain/delivery.js';
import type { PushPresentationSettings } from '../../../platform/config/push-presentation-settings.js';

/** The inputs of a push beside the event and the device. */
export interface PushContext {
  readonly appId: string;
  /** When the event arrived; the time of a call that has none. */
  readonly receivedAt: Date;
  /** End of the delivery's lifetime: no vendor may store the push longer. */
  readonly expiresAt: Date;
  readonly now: Date;
  /** The ring of this call was sent to this recipient, so the call may be shown as missed. */
  readonly missedCall: boolean;
  /** Changes made by the app's rules. */
  readonly options: DeliveryOptions;
  readonly settings: PushPresentationSettings;
}

/** A push in its vendor's format. */
export interface BuiltPush {
  /** The body of the vendor's request, without the device's token. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Delivery headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Fields dropped or cut to fit the limit, in that order. */
  readonly dropped: readonly string[];
  /** Size as the vendor counts it, and its limit. */
  readonly bytes: number;
  readonly limitBytes: number;
}
