import type { PushContent, SmsContent } from '../domain/event.js';

/** The events of which a plan can be shown. */
export const SAMPLE_KINDS = ['chat', 'call', 'sms'] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];

/** The uid of the sender, and part of the ids; none of CometChat's has this form. */
const SENDER = 'bellhop-sample';

/** A webhook's `data` as CometChat would send it to a user now. */
export function sampleEvent(kind: SampleKind, uid: string, at: Date): PushContent | SmsContent {
  switch (kind) {
    case 'chat':
      return { to: { uid }, notificationDetails: { ...details(uid, at), type: 'chat', body: 'A sample.' } };
    case 'call':
      return {
        to: { uid },
        notificationDetails: {
          ...details(uid, at),
          type: 'call',
          body: 'Incoming audio call',
          callAction: 'initiated',
          callType: 'audio',
          sessionId: `v1.${SENDER}-${at.getTime()}`,
        },
      };
    case 'sms':
      return {
        to: { uid },
        senderDetails: { uid: SENDER, name: 'Sample' },
        messages: [{ sender: { uid: SENDER }, message: 'A sample.' }],
        smsContent: 'A sample.',
      };
  }
}

function details(uid: string, at: Date): Record<string, string> {
  return {
    title: 'Sample',
    sender: SENDER,
    senderName: 'Sample',
    receiver: uid,
    receiverType: 'user',
    tag: `${SENDER}-${at.getTime()}`,
    conversationId: `${SENDER}_user_${uid}`,
    sentAt: String(at.getTime()),
  };
}
