import { describe, expect, it } from '@jest/globals';
import { androidData, CALLS, castToString, CHATS, required, sent } from './sent-push.js';

/** FCM data handling of the app in CometChat's current documentation. */
function android(data: ReadonlyMap<string, string>): string {
  if (required(data, 'type') !== 'call') {
    for (const key of ['sender', 'receiverType', 'conversationId']) required(data, key);
    return `shows ${required(data, 'title')}: ${required(data, 'body')}`;
  }
  const sessionId = required(data, 'sessionId');
  switch (required(data, 'callAction')) {
    case 'initiated':
      return `rings ${sessionId} for ${data.get('senderName') ?? required(data, 'title')}`;
    case 'ongoing':
      return `notes ${sessionId}`;
    default:
      return `removes ${sessionId}`;
  }
}

/** FCM data handling of the 2023 sample, which needs the whole message. */
function sampleOf2023(data: ReadonlyMap<string, string>): unknown {
  return (JSON.parse(required(data, 'message')) as { id: unknown }).id;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The native code treats every VoIP push as a new call, and invents a uuid if it gets no valid one. */
function reportIncomingCall(root: Readonly<Record<string, unknown>>): {
  uuid: string;
  caller: string;
  handle: string;
} {
  const uuid = castToString(root['uuid'], 'uuid');
  if (!UUID.test(uuid)) throw new TypeError('not a valid CallKit uuid');
  const caller = castToString(root['senderName'] || root['callerName'], 'callerName');
  castToString(root['callerName'], 'callerName');
  castToString(root['sessionId'], 'sessionId');
  castToString(root['type'], 'type');
  return { uuid, caller, handle: castToString(root['handle'], 'handle') };
}

const data = (name: string) => androidData(sent(name, 'fcm_react_native_android').payload);

describe('the React Native app on Android', () => {
  it.each([
    ['push-chat', 'shows Andrew Joseph: Hello!'],
    ['push-chat-with-message-object', 'shows Andrew Joseph: Hello!'],
    ['push-chat-with-nulls-and-unknown-fields', 'shows Andrew Joseph: Hello!'],
    ['push-reaction', 'shows Andrew Joseph: Reacted to your message: 😎'],
    ['push-group-action', 'shows Hiking group: Andrew Joseph has left'],
    ['push-call-initiated', 'rings v1.123.aik2 for Andrew Joseph'],
    ['push-call-ongoing', 'notes v1.123.aik2'],
    ['push-call-cancelled', 'removes v1.123.aik2'],
    ['push-call-unanswered', 'removes v1.123.aik2'],
    ['push-call-rejected', 'removes v1.123.aik2'],
    ['push-call-busy', 'removes v1.123.aik2'],
    ['push-call-ended', 'removes v1.123.aik2'],
  ])('reacts to %s: %s', (name, does) => {
    expect(android(data(name))).toBe(does);
  });

  it('gets data messages only, as others do not wake its handler', () => {
    for (const name of [...CHATS, ...CALLS]) {
      const { payload } = sent(name, 'fcm_react_native_android');
      expect(payload).not.toHaveProperty('notification');
      expect(payload['android']).toEqual({
        priority: 'HIGH',
        ttl: expect.stringMatching(/^\d+s$/) as unknown,
      });
    }
  });

  it('gets the whole message as a JSON string', () => {
    expect(sampleOf2023(data('push-chat-with-message-object'))).toBe('123');
  });
});

const uuidOf = (name: string, details = {}) =>
  reportIncomingCall(sent(name, 'apns_react_native_voip', { details }).payload).uuid;

describe('the React Native app on an iPhone', () => {
  it('rings for a call', () => {
    expect(reportIncomingCall(sent('push-call-initiated', 'apns_react_native_voip').payload)).toEqual({
      uuid: expect.stringMatching(UUID) as unknown,
      caller: 'Andrew Joseph',
      handle: 'cometchat-uid-1',
    });
  });

  it('gets one uuid for all events of a call', () => {
    expect(new Set(CALLS.map((name) => uuidOf(name))).size).toBe(1);
    expect(uuidOf('push-call-initiated', { sessionId: 'v1.124.aik2' })).not.toBe(
      uuidOf('push-call-initiated'),
    );
  });
});
