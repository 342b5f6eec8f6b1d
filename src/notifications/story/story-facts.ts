import type { NotificationRecord } from '../../deliveries/notification.repository.js';
import type { LastRetired } from '../../recipients/devices/device-lookup.js';
import type { OpenBreaker } from '../../deliveries/provider-state.repository.js';

export type DeliveryRecord = NotificationRecord['deliveries'][number];
export type AttemptRecord = DeliveryRecord['attempts'][number];

/** Facts of a notification's story that are not in its record. */
export interface StoryFacts {
  readonly now: Date;
  /** The vendor and the settings of a delivery's provider, as configured now. */
  providerOf(delivery: DeliveryRecord['delivery'], provider: string | null): ProviderFacts;
  /** Accounts that are paused or whose circuit breaker is open. */
  readonly heldAccounts: readonly OpenBreaker[];
  /** When a device reported the message as seen. */
  readonly seenAt: Date | null;
  /** The device that the recipient had last, if there is none now. */
  readonly lastRetired: LastRetired | null;
}

export interface ProviderFacts {
  /** The provider's type; the kind of the delivery if it is no longer configured. */
  readonly type: string;
  readonly settings: object | undefined;
}
