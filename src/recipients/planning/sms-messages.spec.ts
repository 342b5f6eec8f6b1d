import { describe, expect, it } from '@jest/globals';
import type { SmsMessage } from '../../domain/event.js';
import { conversationIds, namedMessages, pushedMessage } from './sms-messages.js';

const of = (...objects: unknown[]) =>
  namedMessages({
    to: { uid: 'bob' },
    messages: objects.map((messageObject) => ({ messageObject }) as SmsMessage),
  });

describe('namedMessages', () => {
  it('lists each message id once, with the newest time', () => {
    expect(
      of({ id: '7', sentAt: 1_700_000_000 }, { id: 8, sentAt: '1700000005' }, { id: '7', sentAt: 1 }),
    ).toEqual({
      ids: ['7', '8'],
      newestAt: new Date(1_700_000_005_000),
    });
  });

  it.each([
    ['there are no messages', []],
    ['one message has no object', [{ id: '1', sentAt: 1 }, undefined]],
    ['one message object is null', [{ id: '1', sentAt: 1 }, null]],
    ['one message has neither id nor time', [{ id: '1', sentAt: 1 }, {}]],
    ['id and time are objects', [{ id: {}, sentAt: {} }]],
    ['id and time are empty', [{ id: '', sentAt: '' }]],
    ['id and time exceed the limits', [{ id: 'x'.repeat(201), sentAt: 1e300 }]],
    ['the id contains NUL', [{ id: 'a\0', sentAt: 'b' }]],
  ])('returns neither ids nor time if %s', (_, objects) => {
    expect(of(...objects)).toEqual({ ids: undefined, newestAt: undefined });
  });

  it('returns neither ids nor time if messages is null', () => {
    expect(namedMessages({ to: { uid: 'bob' }, messages: null })).toEqual({
      ids: undefined,
      newestAt: undefined,
    });
  });
});

describe('conversationIds', () => {
  it.each([
    ['a group', { groupDetails: { guid: 'Hiking' }, senderDetails: { uid: 'ann' } }, ['group_hiking']],
    ['two users', { senderDetails: { uid: 'Ann' } }, ['ann_user_bob', 'bob_user_ann']],
    ['an unknown sender', { groupDetails: { guid: null }, senderDetails: null }, []],
  ])('returns the possible ids for %s', (_, change, ids) => {
    expect(conversationIds({ to: { uid: 'bob' }, ...change }, 'bob')).toEqual(ids);
  });
});

describe('pushedMessage', () => {
  it.each([
    ['7', '7'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads the tag %j', (tag, id) => {
    const details = tag === undefined ? {} : { tag };
    expect(pushedMessage({ to: { uid: 'bob' }, notificationDetails: details })).toBe(id);
  });
});
