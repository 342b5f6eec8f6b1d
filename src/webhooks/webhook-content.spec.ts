import { describe, expect, it } from '@jest/globals';
import type { NotificationDetails, PushContent } from '../domain/event.js';
import { pushContent, smsContent } from './webhook-content.js';

const chat: NotificationDetails = {
  type: 'chat',
  title: 'Andrew',
  body: 'Hello!',
  conversationId: 'a_user_b',
  tag: '123',
  sentAt: '1741847453000',
  unreadMessageCount: 5,
};
const content = (details: NotificationDetails): PushContent => ({
  to: { uid: 'b' },
  notificationDetails: details,
});
const key = (change: Partial<NotificationDetails> = {}, uid = 'b', appId = 'app'): string =>
  pushContent(appId, uid, content({ ...chat, ...change })).dedupeKey;

describe('pushContent', () => {
  it('is equal for a repeat, whatever the order of its keys', () => {
    const reordered = Object.fromEntries(Object.entries(chat).reverse());
    const repeat = pushContent('app', 'b', content(reordered));
    expect(repeat).toEqual(pushContent('app', 'b', content(chat)));
    expect(JSON.parse(repeat.content)).toEqual(content(chat));
  });

  it.each([
    ['an edit with the same tag', key({ body: 'Hello, you!' })],
    ['another title', key({ title: 'Andrea' })],
    ['another message', key({ tag: '124' })],
    ['another timestamp', key({ sentAt: '1741847453001' })],
    ['another conversation', key({ conversationId: 'a_user_c' })],
    ['another count', key({ unreadMessageCount: 6 })],
    ['another app', key({}, 'b', 'app2')],
  ])('differs for %s', (_what, other) => {
    expect(other).not.toBe(key());
  });

  it('identifies call events by session and action alone', () => {
    const call = { ...chat, type: 'call', sessionId: 's1', callAction: 'initiated' };
    const callKey = (change: Partial<NotificationDetails>): string =>
      pushContent('app', 'b', content({ ...call, ...change })).dedupeKey;
    expect(callKey({ sentAt: '1', title: 'x' })).toBe(callKey({}));
    expect(callKey({ callAction: 'cancelled' })).not.toBe(callKey({}));
    expect(callKey({ callAction: 'canceled' })).toBe(callKey({ callAction: 'cancelled' }));
    expect(callKey({ sessionId: 's2' })).not.toBe(callKey({}));
  });
});

describe('smsContent', () => {
  it('depends on everything but the order of keys', () => {
    const keyOf = (data: unknown): string => smsContent('app', data).dedupeKey;
    expect(keyOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(keyOf({ b: { d: null, c: [1, 2] }, a: 1 }));
    expect(keyOf({ a: [1, 2] })).not.toBe(keyOf({ a: [2, 1] }));
    expect(keyOf({ a: '1' })).not.toBe(keyOf({ a: 1 }));
  });
});
