import type { ClaimedDelivery, PushAddress, SmsAddress } from '../domain/delivery.js';

/** A delivery, as far as a circuit breaker needs to know it. */
export interface GuardedDelivery {
  readonly deliveryId: string;
  /** The same for all deliveries to one device or number. */
  readonly address: string;
  /** A ring: late, it is worth nothing. */
  readonly isUrgent: boolean;
}

export function guardedDeliveryOf(
  { id: deliveryId, deviceId, address }: Pick<ClaimedDelivery, 'id' | 'deviceId' | 'address'>,
  isUrgent: boolean,
): GuardedDelivery {
  const to = deviceId ?? (address as Partial<SmsAddress>).phno ?? (address as PushAddress).token;
  return { deliveryId, address: to, isUrgent };
}
