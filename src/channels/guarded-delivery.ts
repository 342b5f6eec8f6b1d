import type { ClaimedDelivery, PushAddress, SmsAddress } from '../domain/delivery.js';

/** The properties of a delivery that the circuit breaker uses. */
export interface GuardedDelivery {
  readonly deliveryId: string;
  /** Identifies the device or number. */
  readonly address: string;
  /** A ring, which is worthless if late. */
  readonly isUrgent: boolean;
}

export function guardedDeliveryOf(
  { id: deliveryId, deviceId, address }: Pick<ClaimedDelivery, 'id' | 'deviceId' | 'address'>,
  isUrgent: boolean,
): GuardedDelivery {
  const to = deviceId ?? (address as Partial<SmsAddress>).phno ?? (address as PushAddress).token;
  return { deliveryId, address: to, isUrgent };
}
