import type { NotificationKind } from './notification.js';

/** The fields of a push that the gateway reads; all others are passed on unchanged. */
export interface NotificationDetails {
  readonly title?: string | null;
  readonly body?: string | null;
  readonly type?: string | null;
  readonly sender?: string | null;
  readonly receiver?: string | null;
  readonly receiverType?: string | null;
  readonly conversationId?: string | null;
  readonly tag?: string | null;
  /** Milliseconds since the epoch, as a string; parse with `sentAtMs`. */
  readonly sentAt?: string | number | null;
  readonly callAction?: string | null;
  readonly sessionId?: string | null;
  readonly [field: string]: unknown;
}

/** `data` of a push webhook. */
export interface PushContent {
  readonly to: { readonly uid: string };
  readonly notificationDetails: NotificationDetails;
}

/** One unread message of an SMS webhook. */
export interface SmsMessage {
  readonly sender?: { readonly uid?: string | null } | null;
  readonly message?: string | null;
  /** CometChat's message object, if enabled in the app. */
  readonly messageObject?: { readonly id?: unknown; readonly sentAt?: unknown } | null;
}

/** `data` of an SMS webhook. */
export interface SmsContent {
  readonly to: { readonly uid: string; readonly phno?: string | null; readonly name?: string | null };
  readonly messages?: readonly SmsMessage[] | null;
  readonly senderDetails?: { readonly uid?: string | null; readonly name?: string | null } | null;
  readonly groupDetails?: { readonly guid?: string | null; readonly name?: string | null } | null;
  readonly smsContent?: string | null;
}

/**
 * The kind of a push. CometChat does not name reactions and group actions: a group action carries the group's id
 * as its tag; a reaction in a one-on-one chat names its sender as the receiver, which a message never does. A
 * reaction in a group looks like a message and counts as one.
 */
export function kindOfPush(details: NotificationDetails): NotificationKind {
  if (details.type === 'call') return 'call';
  if (details.receiverType === 'group') {
    return details.tag && details.tag === details.receiver ? 'group_action' : 'chat';
  }
  return details.receiver && details.receiver === details.sender ? 'reaction' : 'chat';
}

const ENDING_ACTIONS = ['cancelled', 'unanswered', 'rejected', 'busy', 'ended', 'ongoing'] as const;
const KNOWN_ACTIONS = new Set<string | undefined>(['initiated', ...ENDING_ACTIONS]);

/** Documented call actions. Others are passed on and do not change the call's state. */
export const isKnownAction = (action: string | undefined): boolean => KNOWN_ACTIONS.has(action);

/** Actions after which the call must not ring. */
export const endsRinging = (action: string | undefined): boolean =>
  action !== 'initiated' && isKnownAction(action);

/** CometChat's documentation uses both spellings. */
export function callActionOf(details: NotificationDetails): string | undefined {
  return details.callAction === 'canceled' ? 'cancelled' : (details.callAction ?? undefined);
}
