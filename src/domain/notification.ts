export const CHANNELS = ['push', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];

/** `api`: requested by the app's backend. */
export const NOTIFICATION_KINDS = ['chat', 'call', 'reaction', 'group_action', 'sms', 'api'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/**
 * Origin of a notification: a webhook of CometChat, a request of the app's backend, a repetition of an earlier
 * notification, a test, or an inbound SMS that it replies to.
 */
export const NOTIFICATION_SOURCES = ['webhook', 'api', 'resend', 'replay', 'test', 'reply'] as const;
export type NotificationSource = (typeof NOTIFICATION_SOURCES)[number];

/** Whether the app's backend or an operator asked for it. */
export const isRequested = (source: NotificationSource): boolean =>
  source !== 'webhook' && source !== 'reply';

/** `queued` is the only status that is not final for a delivery; `sent` may still become `delivered`. */
export const DELIVERY_STATUSES = ['queued', 'sent', 'delivered', 'failed', 'skipped', 'expired'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Protocol or vendor that delivers a push to a device. */
export const TRANSPORTS = ['fcm', 'apns', 'apns-voip', 'webpush', 'expo', 'hms'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Furthest first: a notification's status is the first of these that one of its deliveries has. */
const FURTHEST_FIRST: readonly DeliveryStatus[] = [
  'delivered',
  'sent',
  'queued',
  'failed',
  'expired',
  'skipped',
];

/** The status of a notification: the furthest of its deliveries' statuses. */
export function furthestStatus(statuses: readonly DeliveryStatus[]): DeliveryStatus {
  return FURTHEST_FIRST.find((status) => statuses.includes(status)) ?? 'queued';
}
