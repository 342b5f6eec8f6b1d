import { describe, expect, it } from '@jest/globals';
import { CALLS, castToString, CHATS, sent } from './sent-push.js';

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly icon: string | undefined;
}

/** Handling of `event.data.json()` by CometChat's service worker, from FCM or from our Web Push. */
function serviceWorker(json: unknown): Shown | 'dropped' {
  const { data } = json as { data: Record<string, unknown> };
  const text = (key: string): string => castToString(data[key], key);
  const icon = data['senderAvatar'] === undefined ? undefined : text('senderAvatar');
  const shown = { title: text('title'), body: text('body'), tag: text('tag'), icon };
  if (text('type') !== 'call') return shown;
  const callType = text('callType');
  switch (text('callAction')) {
    case 'unanswered':
    case 'busy':
    case 'ongoing':
      return 'dropped';
    case 'initiated':
      return { ...shown, body: `Incoming ${callType} call` };
    case 'cancelled':
      return { ...shown, body: `Cancelled ${callType} call` };
    default:
      return shown;
  }
}

const icon = 'https://assets.cometchat.io/sampleapp/v2/users/cometchat-uid-1.webp';
const from = { title: 'Andrew Joseph', tag: '123', icon };
const call = { ...from, title: 'Caller' };

describe.each(['web_push', 'fcm_web'] as const)('the web app with the platform %s', (platform) => {
  // FCM delivers the data map under the same name.
  const reactionTo = (name: string) => serviceWorker({ data: sent(name, platform).payload['data'] });

  it.each<[string, Shown | 'dropped']>([
    ['push-chat', { ...from, body: 'Hello!' }],
    ['push-chat-with-message-object', { ...from, body: 'Hello!' }],
    ['push-chat-with-nulls-and-unknown-fields', { ...from, body: 'Hello!', icon: undefined }],
    ['push-reaction', { ...from, body: 'Reacted to your message: 😎', tag: '58' }],
    [
      'push-group-action',
      { ...from, title: 'Hiking group', body: 'Andrew Joseph has left', tag: 'cometchat-guid-1' },
    ],
    ['push-call-initiated', { ...call, body: 'Incoming audio call' }],
    ['push-call-cancelled', { ...call, body: 'Cancelled audio call' }],
    ['push-call-unanswered', 'dropped'],
    ['push-call-busy', 'dropped'],
    ['push-call-ongoing', 'dropped'],
    ['push-call-rejected', { ...call, body: 'AUDIO CALL' }],
    ['push-call-ended', { ...call, body: 'AUDIO CALL' }],
  ])('reacts to %s', (name, does) => {
    expect(reactionTo(name)).toEqual(does);
  });

  it('gets no notification block, which the browser would show in addition', () => {
    for (const name of [...CHATS, ...CALLS]) {
      const { payload } = sent(name, platform);
      expect(payload).not.toHaveProperty('notification');
      expect(payload).not.toHaveProperty('webpush.notification');
    }
  });
});

describe('a service worker for plain Web Push', () => {
  it('gets title and body at the top level', () => {
    expect(sent('push-chat', 'web_push').payload).toMatchObject({ title: 'Andrew Joseph', body: 'Hello!' });
  });
});
