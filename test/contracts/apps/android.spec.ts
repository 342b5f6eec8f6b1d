import { describe, expect, it } from '@jest/globals';
import { androidData, CALLS, CHATS, required, sent } from './sent-push.js';

type Reaction =
  | { does: 'shows'; title: string; text: string; group: string }
  | { does: 'rings' | 'stops ringing' | 'nothing'; sessionId: string }
  | { does: 'throws' };

/** Kotlin's `String.toInt()` and `toLong()`: no spaces, no fraction, within the type's range. */
function toInteger(text: string, bits: 31n | 63n): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw new TypeError(`${text} is no number`);
  const value = BigInt(text);
  if (value >= 2n ** bits || value < -(2n ** bits)) throw new RangeError(`${text} is too large`);
  return value;
}

/** Push handling of CometChat's Android sample (v5, Kotlin), which is one try block. */
function android(data: ReadonlyMap<string, string>): Reaction {
  try {
    const message = data.get('message');
    if (message !== undefined) JSON.parse(message);
    return required(data, 'type') === 'call' ? takeCall(data) : takeMessage(data);
  } catch {
    return { does: 'throws' };
  }
}

function takeMessage(data: ReadonlyMap<string, string>): Reaction {
  // markAsDelivered(tag.toInt(), sender, receiverType, receiver) comes first.
  toInteger(required(data, 'tag'), 31n);
  const sender = required(data, 'sender');
  const receiver = required(data, 'receiver');
  const group = required(data, 'receiverType') === 'group' ? receiver : sender;
  return { does: 'shows', title: required(data, 'title'), text: required(data, 'body'), group };
}

function takeCall(data: ReadonlyMap<string, string>): Reaction {
  const sessionId = required(data, 'sessionId');
  for (const key of ['callType', 'receiver', 'receiverType', 'senderName', 'senderAvatar'])
    required(data, key);
  toInteger(required(data, 'sentAt'), 63n);
  switch (required(data, 'callAction')) {
    case 'initiated':
      return { does: 'rings', sessionId };
    case 'cancelled':
    case 'unanswered':
      return { does: 'stops ringing', sessionId };
    default:
      return { does: 'nothing', sessionId };
  }
}

const PLATFORMS = ['fcm_android', 'fcm_ionic_cordova_android', 'hms_android'] as const;
const reactionTo = (name: string, platform: (typeof PLATFORMS)[number]): Reaction =>
  android(androidData(sent(name, platform).payload));

describe.each(PLATFORMS)('the Android app with the platform %s', (platform) => {
  it.each([
    ['push-chat', 'Andrew Joseph', 'Hello!', 'cometchat-uid-1'],
    ['push-chat-with-message-object', 'Andrew Joseph', 'Hello!', 'cometchat-uid-1'],
    ['push-chat-with-nulls-and-unknown-fields', 'Andrew Joseph', 'Hello!', 'cometchat-uid-1'],
    ['push-reaction', 'Andrew Joseph', 'Reacted to your message: 😎', 'cometchat-uid-1'],
  ])('shows %s', (name, title, text, group) => {
    expect(reactionTo(name, platform)).toEqual({ does: 'shows', title, text, group });
  });

  it('throws for a group action, as with CometChat’s own provider: its tag is the group’s id', () => {
    expect(reactionTo('push-group-action', platform)).toEqual({ does: 'throws' });
  });

  it.each([
    ['push-call-initiated', 'rings'],
    ['push-call-cancelled', 'stops ringing'],
    ['push-call-unanswered', 'stops ringing'],
    ['push-call-ongoing', 'nothing'],
    ['push-call-busy', 'nothing'],
    ['push-call-rejected', 'nothing'],
    ['push-call-ended', 'nothing'],
  ])('reacts to %s: %s', (name, does) => {
    expect(reactionTo(name, platform)).toEqual({ does, sessionId: 'v1.123.aik2' });
  });

  it('is tested with every documented push', () => {
    expect(CHATS).toHaveLength(5);
    expect(CALLS).toHaveLength(7);
  });

  it('rings for a call without sentAt', () => {
    const { payload } = sent('push-call-initiated', platform, { details: { sentAt: null } });
    expect(android(androidData(payload))).toEqual({ does: 'rings', sessionId: 'v1.123.aik2' });
  });
});
