import type { NotificationRecord } from '../deliveries/notification.repository.js';

/** The numbers of a user (E.164): the contact's, and those to which SMS of the notifications were planned. */
export function numbersOf(
  contact: { readonly phno: string } | undefined,
  records: readonly NotificationRecord[],
): string[] {
  return [...new Set([...(contact ? [contact.phno] : []), ...records.flatMap(plannedNumbersOf)])];
}

function plannedNumbersOf({ deliveries }: NotificationRecord): string[] {
  return deliveries.flatMap(({ delivery: { address } }) =>
    typeof address === 'object' && address !== null && 'phno' in address && typeof address.phno === 'string'
      ? [address.phno]
      : [],
  );
}
