import { randomUUID } from 'node:crypto';
import type { PushContent, SmsContent } from '../../domain/event.js';

export const TEST_KINDS = ['chat', 'call', 'sms'] as const;
export type TestKind = (typeof TEST_KINDS)[number];

/** Sender of every test, as the apps show it; no user of CometChat. */
const SENDER = { sender: 'bellhop-test', senderName: 'Bellhop test' } as const;
/** No message of CometChat has this id. The apps parse it as a number. */
const TAG = '0';

/** A chat message with every field that CometChat's apps read. */
export function testChat(uid: string): PushContent {
  const text = 'This is a test. If you can read it, notifications reach this device.';
  return {
    to: { uid },
    notificationDetails: { ...detailsOf(uid), type: 'chat', title: 'Bellhop test', body: text },
  };
}

/** The start of a call that nobody makes. */
export function testCall(uid: string): PushContent {
  return callOf(uid, `v1.test.${randomUUID()}`, 'initiated');
}

/** The end of a test call: the phones stop ringing. */
export function endOf({ to, notificationDetails: { sessionId } }: PushContent): PushContent {
  return callOf(to.uid, sessionId ?? '', 'cancelled');
}

/** @param phno unset: the number of the user's contact. */
export function testSms(uid: string, phno: string | undefined): SmsContent {
  const to = phno === undefined ? { uid } : { uid, phno };
  return { to, smsContent: 'This is a test of Bellhop. If you can read it, SMS reach this number.' };
}

function callOf(uid: string, sessionId: string, callAction: string): PushContent {
  const call = {
    type: 'call',
    callAction,
    callType: 'audio',
    sessionId,
    title: 'Bellhop test',
    body: 'TEST CALL',
  };
  return { to: { uid }, notificationDetails: { ...detailsOf(uid), ...call } };
}

const detailsOf = (uid: string) => ({
  ...SENDER,
  receiver: uid,
  receiverName: uid,
  receiverType: 'user',
  conversationId: `${SENDER.sender}_user_${uid}`,
  tag: TAG,
  sentAt: String(Date.now()),
});
