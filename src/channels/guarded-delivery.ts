import type { ClaimedDelivery } from '../domain/delivery.js';

/** The properties of a delivery that the circuit breaker uses. */
export interface GuardedDelivery {
  readonly deliveryId: string;
  /** Identifies the device or number. */
  readonly address: string;
  /** A ring, which is worthless if late. */
  readonly isUrgent: boolean;
}

export function guardedDeliveryOf(delivery: ClaimedDelivery, isUrgent: boolean): GuardedDelivery {
  return { deliveryId: delivery.id, address: addressOf(delivery), isUrgent };
}

function addressOf(delivery: ClaimedDelivery): string {
  switch (delivery.channel) {
    case 'push':
      return delivery.deviceId ?? delivery.address.token;
    case 'sms':
      return delivery.address.phno;
  }
}
