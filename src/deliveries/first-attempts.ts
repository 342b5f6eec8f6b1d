import { channelOf, type ClaimedDelivery, type PushAddress, type SmsAddress } from '../domain/delivery.js';
import type { DeliveryStatus } from '../domain/notification.js';
import { newIdAfter } from '../platform/ids/new-id.js';
import type { AcceptedNotification, Plan, UnreachableChannel } from './records.js';
import type { DeliveryRow } from './sql/plan.sql.js';

/** The deliveries of a plan whose first attempt starts as soon as the plan is on record. */
export interface FirstAttempts {
  readonly ids: ReadonlySet<string>;
  /** The notification's content, parsed. */
  readonly content: unknown;
}

/** The deliveries of a plan as rows of the ledger. */
export function rowsOf(
  notification: AcceptedNotification,
  planned: Plan,
  claimIds: ReadonlySet<string>,
): DeliveryRow[] {
  const { expiresAt } = notification;
  const without = (
    { kind, reason, ringSession }: UnreachableChannel,
    status: DeliveryStatus,
  ): DeliveryRow => ({
    id: newIdAfter(notification.id),
    provider: null,
    kind,
    deviceId: null,
    sessionId: null,
    address: null,
    ringSession: ringSession ?? null,
    options: null,
    status,
    reason,
    expiresAt,
    claim: false,
  });
  if ('skipped' in planned) return [without({ kind: null, reason: planned.reason }, planned.skipped)];
  const addressed = planned.deliveries.map(
    ({ skip, ringSession, sessionId, options, ...delivery }): DeliveryRow => ({
      ...delivery,
      sessionId: sessionId ?? null,
      ringSession: ringSession ?? null,
      options: options && Object.keys(options).length > 0 ? options : null,
      status: skip === undefined ? 'queued' : 'skipped',
      reason: skip ?? null,
      expiresAt,
      claim: claimIds.has(delivery.id),
    }),
  );
  return [...addressed, ...(planned.unreached ?? []).map((channel) => without(channel, 'skipped'))];
}

/** A delivery as claimed by the statement that wrote it. */
export function firstAttempt(
  { id, provider, kind, deviceId, address, options, ringSession, expiresAt }: DeliveryRow,
  { id: notificationId, appId, uid, kind: notificationKind, receivedAt }: AcceptedNotification,
  claim: Pick<ClaimedDelivery, 'content' | 'claimedAt' | 'beginBefore'>,
): ClaimedDelivery[] {
  if (provider === null || kind === null || address === null) return [];
  const claimed = {
    ...{ id, notificationId, appId, uid, notificationKind, provider, kind, receivedAt, expiresAt },
    options: options ?? {},
    attempt: 1,
    rings: ringSession !== null,
    unanswered: 0,
    ...claim,
  };
  const channel = channelOf(claimed);
  switch (channel) {
    case 'push':
      return [{ ...claimed, channel, deviceId, address: address as PushAddress }];
    case 'sms':
      return [{ ...claimed, channel, address: address as SmsAddress, earlier: [] }];
  }
}
