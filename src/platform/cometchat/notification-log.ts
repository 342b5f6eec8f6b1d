import { field } from './cometchat-connection.js';

/** The documented reasons for which CometChat did not notify a user. */
export const LOG_REASONS = [
  'MESSAGES_PREFERENCE',
  'REPLIES_PREFERENCE',
  'QUOTED_REPLIES_PREFERENCE',
  'MESSAGE_ACTIONS_PREFERENCE',
  'REACTIONS_PREFERENCE',
  'GROUP_ACTIONS_PREFERENCE',
  'DND_PREFERENCE',
  'MUTE_PREFERENCE',
  'SCHEDULE_PREFERENCE',
  'CALL_PREFERENCE',
  'QUOTA_PREFERENCE',
  'MISSING_EMAIL',
  'MISSING_PHNO',
  'INVALID_PUSH_PROVIDER_ID',
  'TIMED_OUT',
  'NOT_FOUND',
  'TWILIO_CREATE_ERROR',
] as const;
export type LogReason = (typeof LOG_REASONS)[number];

/** A row of CometChat's notification log, without the message and the push token. */
export interface LogRow {
  readonly id: string | null;
  readonly at: Date | null;
  /** `push`, `sms` or `email`. */
  readonly channel: string | null;
  /** `custom`, or CometChat's own `fcm`, `apns`, `twilio` or `sendgrid`. */
  readonly provider: string | null;
  /** CometChat's trigger, such as `after_message`. */
  readonly event: string | null;
  readonly messageId: string | null;
  readonly messageSentAt: Date | null;
  /** The recipient. */
  readonly uid: string | null;
  /** Whether CometChat called the provider. */
  readonly isTriggered: boolean;
  /** Whether the provider answered with success; null if it was not called. */
  readonly isSuccess: boolean | null;
  /** A `LogReason`, or one that the documentation does not list. */
  readonly reason: string | null;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  /** Whether CometChat has more rows. */
  readonly hasMore: boolean;
}

/**
 * Reads an answer of `GET /notifications/v1/logs`: `{"data":[…],"meta":{"current":{"limit":20,"count":20}}}`.
 *
 * @returns undefined if the answer has another form.
 */
export function readLogPage(json: object | undefined): LogPage | undefined {
  const data = field(json, 'data');
  if (!Array.isArray(data)) return undefined;
  const { limit, count } = Object(field(field(json, 'meta'), 'current')) as Record<string, unknown>;
  const hasMore = typeof limit === 'number' && typeof count === 'number' && limit > 0 && count >= limit;
  return { rows: data.map(readRow), hasMore };
}

function readRow(row: unknown): LogRow {
  const reason = textOf(row, 'reason');
  const triggered = field(row, 'notificationTriggered');
  const isTriggered = typeof triggered === 'boolean' ? triggered : reason === null;
  const success = field(row, 'success');
  return {
    id: textOf(row, '_id'),
    at: momentOf(row, 'processingStartedAtMS'),
    channel: textOf(row, 'channel'),
    provider: textOf(row, 'provider'),
    event: textOf(row, 'trigger'),
    messageId: textOf(row, 'messageId'),
    messageSentAt: momentOf(row, 'messageSentAtMS'),
    uid: recipientOf(row),
    isTriggered,
    isSuccess: isTriggered && typeof success === 'boolean' ? success : null,
    reason,
  };
}

/** In a group, `receiver` is the group. */
function recipientOf(row: unknown): string | null {
  const named = textOf(row, 'member') ?? textOf(row, 'reactionReceiver');
  return named ?? (field(row, 'receiverType') === 'group' ? null : textOf(row, 'receiver'));
}

/** Longer than every uid and every documented value. */
const MAX_TEXT = 100;

function textOf(row: unknown, name: string): string | null {
  const value = field(row, name);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT) : null;
}

const MAX_MOMENT_MS = 8.64e15;

function momentOf(row: unknown, name: string): Date | null {
  const ms = Number(field(row, name) ?? Number.NaN);
  return ms > 0 && ms <= MAX_MOMENT_MS ? new Date(ms) : null;
}
