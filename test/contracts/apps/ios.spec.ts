import { describe, expect, it } from '@jest/globals';
import { CALLS, castToString, CHATS, PUSHES, relayedByFcm, sent } from './sent-push.js';

type Root = Readonly<Record<string, unknown>>;
interface Aps {
  readonly alert?: { readonly title?: string; readonly body?: string };
  readonly sound?: string;
  readonly badge?: number;
  readonly 'mutable-content'?: number;
  readonly 'content-available'?: number;
  readonly 'thread-id'?: string;
}

const REQUIRED = [
  'sender',
  'senderName',
  'body',
  'callAction',
  'receiver',
  'type',
  'callType',
  'sessionId',
  'conversationId',
];

/** VoIP push handling of the iOS UI Kit's sample (v5): it reports no call if a required string is missing. */
function pushKit(root: Root): string {
  if (!REQUIRED.every((key) => typeof root[key] === 'string')) return 'reports no call';
  switch (root['callAction']) {
    case 'initiated':
      return `${String(root['conversationId']).includes('group') ? 'group' : 'one-on-one'} call`;
    case 'unanswered':
    case 'cancelled':
      return `ends; missed call with avatar ${castToString(root['senderAvatar'], 'senderAvatar')}`;
    case 'rejected':
    case 'busy':
    case 'ended':
      return 'ends';
    default:
      return 'ignored';
  }
}

/** Alert handling of the sample's app and its Notification Service Extension. */
function alert(root: Root): { from: string; shown: Aps['alert']; message: boolean } {
  const aps = root['aps'] as Aps;
  // Without it the extension does not run, and the message is not marked as delivered.
  if (aps['mutable-content'] !== 1) throw new TypeError('the extension does not run');
  castToString(root['type'], 'type');
  const isGroup = castToString(root['receiverType'], 'receiverType') === 'group';
  castToString(root[isGroup ? 'receiver' : 'sender'], 'the conversation');
  const from = castToString(root[isGroup ? 'receiverName' : 'senderName'], 'its name');
  const count = root['unreadMessageCount'];
  if (count !== undefined) castToString(count, 'unreadMessageCount');
  // `as? [String: Any]`
  const message = typeof root['message'] === 'object' && root['message'] !== null;
  return { from, shown: aps.alert, message };
}

const AVATAR = 'https://assets.cometchat.io/sampleapp/v2/users/cometchat-uid-1.webp';

describe('the PushKit delegate of the iOS app', () => {
  it.each([
    ['push-call-initiated', 'one-on-one call'],
    ['push-call-cancelled', `ends; missed call with avatar ${AVATAR}`],
    ['push-call-unanswered', `ends; missed call with avatar ${AVATAR}`],
    ['push-call-rejected', 'ends'],
    ['push-call-busy', 'ends'],
    ['push-call-ended', 'ends'],
    ['push-call-ongoing', 'ignored'],
  ])('reacts to %s: %s', (name, does) => {
    expect(pushKit(sent(name, 'apns_ios_voip').payload)).toBe(does);
  });

  it('reports a call with minimal details', () => {
    const details = { senderName: null, body: null, receiver: null, callType: null, conversationId: null };
    const { payload } = sent('push-call-initiated', 'apns_ios_voip', { details });
    expect(pushKit(payload)).toBe('one-on-one call');
  });

  it('gets the headers that Apple requires', () => {
    const expiresAt = new Date('2026-01-02T03:04:50Z');
    for (const name of CALLS) {
      expect(sent(name, 'apns_ios_voip', { expiresAt }).headers).toEqual({
        'apns-push-type': 'voip',
        'apns-priority': '10',
        'apns-expiration': String(expiresAt.getTime() / 1_000),
      });
    }
  });
});

describe.each(['apns_ios_device', 'fcm_ios'] as const)('the iOS app with the platform %s', (platform) => {
  const root = (name: string, missedCall = false): Root => {
    const { payload } = sent(name, platform, { missedCall });
    return platform === 'fcm_ios' ? relayedByFcm(payload) : payload;
  };
  // APNs delivers a dictionary; FCM delivers strings only.
  const hasMessage = platform === 'apns_ios_device';

  it.each([
    ['push-chat', 'Andrew Joseph', 'Andrew Joseph', 'Hello!', false],
    ['push-chat-with-message-object', 'Andrew Joseph', 'Andrew Joseph', 'Hello!', hasMessage],
    ['push-chat-with-nulls-and-unknown-fields', 'Andrew Joseph', 'Andrew Joseph', 'Hello!', false],
    ['push-reaction', 'Andrew Joseph', 'Andrew Joseph', 'Reacted to your message: 😎', false],
    ['push-group-action', 'Hiking group', 'Hiking group', 'Andrew Joseph has left', false],
    ['push-call-initiated', 'Andrew Joseph', 'Caller', 'AUDIO CALL', false],
  ])('shows %s', (name, from, title, body, message) => {
    expect(alert(root(name))).toEqual({ from, shown: { title, body }, message });
  });

  it.each(['push-call-cancelled', 'push-call-unanswered'])('shows %s as missed if the call rang', (name) => {
    expect(alert(root(name, true))).toMatchObject({
      shown: { title: 'Andrew Joseph', body: 'Missed audio call' },
    });
  });

  it.each(CALLS.filter((name) => name !== 'push-call-initiated'))('is woken silently by %s', (name) => {
    expect(root(name)).toMatchObject({ type: 'call', sessionId: 'v1.123.aik2' });
    expect(root(name)['aps']).toEqual({ 'content-available': 1 });
  });

  it('gets the conversation as the thread id and a numeric badge', () => {
    for (const name of CHATS) {
      const aps = root(name)['aps'] as Aps;
      expect(aps['thread-id']).toBe(root(name)['conversationId']);
      expect(aps.badge).toBe(name.endsWith('unknown-fields') ? undefined : 5);
    }
  });

  it('gets the headers that Apple requires', () => {
    for (const name of PUSHES) {
      const { payload, headers } = sent(name, platform);
      const told = platform === 'fcm_ios' ? (payload['apns'] as { headers: object }).headers : headers;
      const shows = 'alert' in (root(name)['aps'] as Aps);
      expect(told).toMatchObject(
        shows
          ? { 'apns-push-type': 'alert', 'apns-priority': '10' }
          : { 'apns-push-type': 'background', 'apns-priority': '5' },
      );
    }
  });
});
