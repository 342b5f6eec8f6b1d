/** The two ways to reach a person. */
export const CHANNELS = ['push', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a notification is about; `api` is one that the app's own backend asked for. */
export const NOTIFICATION_KINDS = ['chat', 'call', 'reaction', 'group_action', 'sms', 'api'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** `queued` is the only status that is not final for a delivery; `sent` may still become `delivered`. */
export const DELIVERY_STATUSES = ['queued', 'sent', 'delivered', 'failed', 'skipped', 'expired'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** How a push travels to a device. */
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

/** The status of a notification whose deliveries have these statuses: the furthest that any of them got. */
export function furthestStatus(statuses: readonly DeliveryStatus[]): DeliveryStatus {
  return FURTHEST_FIRST.find((status) => statuses.includes(status)) ?? 'queued';
}
