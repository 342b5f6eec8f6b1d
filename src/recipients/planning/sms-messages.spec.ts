import { describe, expect, it } from '@jest/globals';
import type { SmsMessage } from '../../domain/event.js';
import { conversationIds, namedMessages, pushedMessage } from './sms-messages.js';

const of = (...objects: unknown[]) =>
  namedMessages({
    to: { uid: 'bob' },
    messages: objects.map((messageObject) => ({ messageObject }) as SmsMessage),
  });

describe('namedMessages', () => {
  it('names them all, once each, and the newest time', () => {
    expect(
      of({ id: '7', sentAt: 1_700_000_000 }, { id: 8, sentAt: '1700000005' }, { id: '7', sentAt: 1 }),
    ).toEqual({
      ids: ['7', '8'],
      newestAt: new Date(1_700_000_005_000),
    });
  });

  it.each([
    ['there are none', []],
    ['one has no object', [{ id: '1', sentAt: 1 }, undefined]],
    ['one is null', [{ id: '1', sentAt: 1 }, null]],
    ['one has neither', [{ id: '1', sentAt: 1 }, {}]],
    ['they are nonsense', [{ id: {}, sentAt: {} }]],
    ['they are empty', [{ id: '', sentAt: '' }]],
    ['they are beyond measure', [{ id: 'x'.repeat(201), sentAt: 1e300 }]],
    ['they hold NUL', [{ id: 'a\0', sentAt: 'b' }]],
  ])('tells nothing where %s', (_, objects) => {
    expect(of(...objects)).toEqual({ ids: undefined, newestAt: undefined });
  });

  it('tells nothing without messages', () => {
    expect(namedMessages({ to: { uid: 'bob' }, messages: null })).toEqual({
      ids: undefined,
      newestAt: undefined,
    });
  });
});

describe('conversationIds', () => {
  it.each([
    ['a group', { groupDetails: { guid: 'Hiking' }, senderDetails: { uid: 'ann' } }, ['group_hiking']],
    ['two persons', { senderDetails: { uid: 'Ann' } }, ['ann_user_bob', 'bob_user_ann']],
    ['nobody known', { groupDetails: { guid: null }, senderDetails: null }, []],
  ])('names that of %s', (_, change, ids) => {
    expect(conversationIds({ to: { uid: 'bob' }, ...change }, 'bob')).toEqual(ids);
  });
});

describe('pushedMessage', () => {
  it.each([
    ['7', '7'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads %j', (tag, id) => {
    const details = tag === undefined ? {} : { tag };
    expect(pushedMessage({ to: { uid: 'bob' }, notificationDetails: details })).toBe(id);
  });
});
