import { channelOf } from '../domain/delivery.js';
import { mask } from '../domain/mask.js';
import type { SendNotification } from '../queue/jobs.js';
import type { NotificationRecord } from '../deliveries/notification.repository.js';
import type { AttemptDto, NotificationDto, SmsDetailsDto } from './notification.dto.js';

type DeliveryRecord = NotificationRecord['deliveries'][number];

/** Converts a record for the API. */
export function toDto({ notification, deliveries }: NotificationRecord): NotificationDto {
  const { id, appId, channel, kind, uid, status, receivedAt, settledAt, source, originId } = notification;
  return {
    id,
    appId,
    channel,
    kind,
    uid,
    status,
    receivedAt,
    settledAt,
    source,
    originId,
    deliveries: deliveries.map(({ delivery, attempts }) => ({
      id: delivery.id,
      provider: delivery.provider,
      kind: delivery.kind,
      deviceId: delivery.deviceId,
      address: maskedAddress(delivery.address),
      status: delivery.status,
      reason: delivery.reason,
      dropped: delivery.dropped,
      ...(channelOf(delivery) === 'sms' ? { sms: toSmsDto(delivery) } : {}),
      ...(delivery.wouldSend === null ? {} : { wouldSend: delivery.wouldSend }),
      attempts: attempts.map(toAttemptDto),
    })),
  };
}

function toAttemptDto(record: DeliveryRecord['attempts'][number]): AttemptDto {
  const { attempt, provider, outcome, vendorCode, vendorMessageId, startedAt, durationMs } = record;
  const { vendorText, httpStatus, vendorTraceId } = record;
  const { receiptStatus: status, receiptCode, receiptAt: at, possibleDouble } = record;
  return {
    attempt,
    provider,
    outcome,
    vendorCode,
    vendorMessageId,
    vendorText,
    httpStatus,
    vendorTraceId,
    startedAt,
    durationMs,
    receipt: status === null ? null : { status, vendorCode: receiptCode, at },
    ...(possibleDouble ? { possibleDouble } : {}),
  };
}

function toSmsDto(delivery: DeliveryRecord['delivery']): SmsDetailsDto {
  const { encoding, segments, country, costMicros, currency } = delivery;
  const isPriced = costMicros !== null && currency !== null;
  return { encoding, segments, country, cost: isPriced ? { amount: amountOf(costMicros), currency } : null };
}

/** Formats millionths of a currency as an amount with at least two decimals. */
export function amountOf(micros: bigint): string {
  const decimals = String(micros % 1_000_000n).padStart(6, '0');
  return `${micros / 1_000_000n}.${decimals.slice(0, 2)}${decimals.slice(2).replace(/0+$/, '')}`;
}

/** Converts a notification that is not planned yet. */
export function toAcceptedDto(
  id: string,
  accepted: SendNotification,
  isDeadLettered: boolean,
): NotificationDto {
  const { appId, channel, kind, uid, source = null, originId = null } = accepted;
  const receivedAt = new Date(accepted.receivedAt);
  const view = {
    id,
    appId,
    channel,
    kind,
    uid,
    receivedAt,
    status: 'queued',
    settledAt: null,
    source,
    originId,
    deliveries: [],
  };
  return isDeadLettered ? { ...view, reason: 'set_aside' } : view;
}

function maskedAddress(address: unknown): string | null {
  if (typeof address !== 'object' || address === null) return null;
  if ('token' in address) return mask(String(address.token));
  return 'phno' in address ? mask(String(address.phno)) : null;
}
