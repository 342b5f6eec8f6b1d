import { describe, expect, it } from '@jest/globals';
import { NOW } from '../../support/push-context.js';
import { androidData, castToString, CHATS, relayedByFcm, required, sent } from './sent-push.js';

const RING_MS = 40_000;

/** Dart's `int.parse`, which throws unless it gets a string. */
function intParse(value: unknown): number {
  const text = castToString(value, 'sentAt');
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new TypeError(`${text} is no int`);
  return Number(text);
}

/** Handling of FCM data by the Flutter sample's background handler at the time `now`. */
function dart(json: ReadonlyMap<string, string>, now: number): string {
  if (required(json, 'type') !== 'call') return 'chat';
  const sessionId = required(json, 'sessionId');
  required(json, 'callType');
  required(json, 'senderName');
  const sentAt = intParse(json.get('sentAt'));
  switch (required(json, 'callAction')) {
    case 'initiated':
      return now < sentAt + RING_MS ? `rings ${sessionId}` : 'too late';
    case 'cancelled':
    case 'unanswered':
      return `ends ${sessionId}`;
    default:
      return 'ignored';
  }
}

/** VoIP push handling of the Flutter sample's Swift code: a failing force cast crashes the app. */
function swift(root: Readonly<Record<string, unknown>>): string {
  castToString(root['type'], 'type');
  const callAction = castToString(root['callAction'], 'callAction');
  const name = castToString(root['senderName'], 'senderName');
  const sessionId = castToString(root['sessionId'], 'sessionId');
  castToString(root['callType'], 'callType');
  if (callAction === 'initiated') return `rings for ${name}, ${callKitId(sessionId)}`;
  return ['unanswered', 'cancelled', 'rejected'].includes(callAction) ? 'ends' : 'ignored';
}

/** The CallKit id: the last part of the session id as 8-4-4-4-12. */
function callKitId(sessionId: string): string {
  const id = (sessionId.split('.').at(-1) ?? '').slice(0, 32);
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const reactionTo = (name: string, afterMs = 0, details = {}): string =>
  dart(androidData(sent(name, 'fcm_flutter_android', { details }).payload), NOW.getTime() + afterMs);

describe('the Flutter app', () => {
  it.each(CHATS)('shows %s as a chat', (name) => {
    expect(reactionTo(name)).toBe('chat');
  });

  it.each([
    ['push-call-initiated', 'rings v1.123.aik2'],
    ['push-call-cancelled', 'ends v1.123.aik2'],
    ['push-call-unanswered', 'ends v1.123.aik2'],
    ['push-call-ongoing', 'ignored'],
    ['push-call-busy', 'ignored'],
    ['push-call-rejected', 'ignored'],
    ['push-call-ended', 'ignored'],
  ])('reacts to %s: %s', (name, does) => {
    expect(reactionTo(name)).toBe(does);
  });

  it('rings until 40 seconds after the call began', () => {
    expect(reactionTo('push-call-initiated', 39_999)).toBe('rings v1.123.aik2');
    expect(reactionTo('push-call-initiated', 40_000)).toBe('too late');
  });

  it.each([[NOW.getTime()], [null], ['']])('rings for a call with the sentAt %j', (sentAt) => {
    expect(reactionTo('push-call-initiated', 39_999, { sentAt })).toBe('rings v1.123.aik2');
  });
});

describe('the native iOS code of the Flutter app', () => {
  it.each([
    ['push-call-initiated', 'rings for Andrew Joseph, aik2'],
    ['push-call-cancelled', 'ends'],
    ['push-call-unanswered', 'ends'],
    ['push-call-rejected', 'ends'],
    ['push-call-busy', 'ignored'],
    ['push-call-ended', 'ignored'],
    ['push-call-ongoing', 'ignored'],
  ])('reacts to %s: %s', (name, does) => {
    expect(swift(sent(name, 'apns_flutter_voip').payload)).toBe(does);
  });

  it('derives its call id from the unchanged session id', () => {
    const details = { sessionId: 'v1.us.1a2b3c4d5e6f70819203a4b5c6d7e8f9012' };
    expect(swift(sent('push-call-initiated', 'apns_flutter_voip', { details }).payload)).toBe(
      'rings for Andrew Joseph, 1a2b3c4d-5e6f-7081-9203-a4b5c6d7e8f9',
    );
  });

  it('does not crash if optional fields are missing', () => {
    const details = { senderName: null, callType: null };
    expect(swift(sent('push-call-initiated', 'apns_flutter_voip', { details }).payload)).toBe(
      'rings for , aik2',
    );
  });

  it.each(['apns_flutter_device', 'fcm_flutter_ios'] as const)('shows messages by %s', (platform) => {
    for (const name of CHATS) {
      const { payload } = sent(name, platform);
      const root = platform === 'fcm_flutter_ios' ? relayedByFcm(payload) : payload;
      expect(root).toMatchObject({
        type: 'chat',
        aps: { alert: { title: root['title'], body: root['body'] } },
      });
      // The app reads the count as a number or a string.
      expect(['string', 'undefined']).toContain(typeof root['unreadMessageCount']);
    }
  });
});
