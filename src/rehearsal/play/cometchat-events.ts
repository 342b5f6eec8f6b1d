import type { NotificationDetails, PushContent, SmsContent } from '../../domain/event.js';
import { PUSH_TRIGGER, SMS_TRIGGER } from '../../webhooks/dto/envelope.dto.js';
import type { CallAction } from './play.dto.js';

/** The body of a webhook. */
export interface Webhook<T> {
  readonly trigger: string;
  readonly data: T;
  readonly appId: string;
  readonly region: string;
  readonly webhook: 'custom';
}

/** The facts that all webhooks of an event share. */
export interface EventFacts {
  readonly appId: string;
  readonly region: string;
  /** The sender's uid. */
  readonly from: string;
  /** The recipient's uid. */
  readonly to: string;
  readonly at: Date;
  /** CometChat's id of the message or reaction: digits. */
  readonly id: string;
  readonly conversationId?: string | undefined;
}

/** A message in a one-on-one chat. */
export function messageEvent(facts: EventFacts, text: string): Webhook<PushContent> {
  return pushWebhook(facts, { ...between(facts), title: nameOf(facts.from), body: text, type: 'chat' });
}

/** A message in a group, as one of its members gets it. */
export function groupEvent(facts: EventFacts, text: string): Webhook<PushContent> {
  const { from, conversationId = `${GROUP}sandbox-group` } = facts;
  const guid = conversationId.slice(GROUP.length);
  return pushWebhook(facts, {
    title: nameOf(guid),
    body: `${nameOf(from)}: ${text}`,
    sender: from,
    senderName: nameOf(from),
    receiver: guid,
    receiverName: nameOf(guid),
    receiverType: 'group',
    conversationId,
    type: 'chat',
  });
}

/** The beginning of the conversation ids of groups. */
export const GROUP = 'group_';

/** A reaction to the recipient's message. CometChat names its sender as the receiver, too. */
export function reactionEvent(facts: EventFacts, emoji: string): Webhook<PushContent> {
  const { from } = facts;
  return pushWebhook(facts, {
    ...between(facts),
    title: nameOf(from),
    body: `Reacted to your message: ${emoji}`,
    receiver: from,
    receiverName: nameOf(from),
    type: 'chat',
  });
}

/** One event of an audio call, as the user who is called gets it. */
export function callEvent(
  facts: EventFacts,
  call: { readonly callAction: CallAction; readonly sessionId: string },
): Webhook<PushContent> {
  return pushWebhook(facts, {
    ...between(facts),
    title: nameOf(facts.from),
    body: 'AUDIO CALL',
    type: 'call',
    ...call,
    callType: 'audio',
  });
}

/**
 * The summary of one unread message, with the message object, by which it differs from another one of the same text. Without a
 * number, as CometChat has none: that of the contact applies.
 */
export function smsEvent(facts: EventFacts, text: string): Webhook<SmsContent> {
  const { appId, region, from, to, at, id } = facts;
  const sender = { uid: from, name: nameOf(from) };
  const sentAt = Math.floor(at.getTime() / 1_000);
  const messageObject = {
    id,
    conversationId: conversationOf(facts),
    sender: from,
    receiverType: 'user',
    receiver: to,
    category: 'message',
    type: 'text',
    data: { text },
    sentAt,
    updatedAt: sentAt,
  };
  const data = {
    to: { uid: to, name: nameOf(to) },
    messages: [{ sender, message: text, messageObject }],
    senderDetails: sender,
    smsContent: `${sender.name}: ${text}`,
  };
  return { trigger: SMS_TRIGGER, data, appId, region, webhook: 'custom' };
}

function pushWebhook(
  { appId, region, to, at, id }: EventFacts,
  details: NotificationDetails,
): Webhook<PushContent> {
  const notificationDetails = { ...details, tag: id, sentAt: String(at.getTime()) };
  return {
    trigger: PUSH_TRIGGER,
    data: { to: { uid: to }, notificationDetails },
    appId,
    region,
    webhook: 'custom',
  };
}

/** The parties of a one-on-one chat. */
const between = (facts: EventFacts): NotificationDetails => ({
  sender: facts.from,
  senderName: nameOf(facts.from),
  receiver: facts.to,
  receiverName: nameOf(facts.to),
  receiverType: 'user',
  conversationId: conversationOf(facts),
});

const conversationOf = ({ from, to, conversationId }: EventFacts): string =>
  conversationId ?? [from, to].toSorted().join('_user_');

/** The name of a user or group that has only an id: `Sandbox group` of `sandbox-group`. */
function nameOf(id: string): string {
  const words = id.replaceAll(/[-_]+/g, ' ').trim() || id;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
