import { describe, expect, it } from '@jest/globals';
import { NOW, pushContext } from '../../../../test/support/push-context.js';
import type { NotificationDetails } from '../../../domain/event.js';
import { asTexts, badgeOf, pushFields } from './push-fields.js';

const fieldsOf = (details: NotificationDetails, customJson: Record<string, unknown> = {}) =>
  pushFields(
    details,
    pushContext({}, (settings) => {
      settings.customJson = customJson;
    }),
  );

describe('pushFields', () => {
  it('converts numbers and booleans to strings and omits null and empty values', () => {
    const details = {
      type: 'chat',
      body: '',
      tag: null,
      sentAt: 1741847453000,
      unreadMessageCount: 5,
      on: true,
    };
    expect(fieldsOf({ ...details, none: undefined, '': 'x' })).toEqual({
      type: 'chat',
      sentAt: '1741847453000',
      unreadMessageCount: '5',
      on: 'true',
    });
  });

  it('parses JSON strings of message and custom only', () => {
    expect(
      fieldsOf({ message: '{"id":"1"}', custom: '{"a":1}', other: '{"b":2}', list: [1], object: { c: 3 } }),
    ).toEqual({ message: { id: '1' }, custom: { a: 1 }, other: '{"b":2}', list: [1], object: { c: 3 } });
    expect(fieldsOf({ message: 'no JSON', custom: '{"half' })).toEqual({
      message: 'no JSON',
      custom: '{"half',
    });
  });

  it('converts an object to JSON text in a field that apps cast to a string', () => {
    expect(fieldsOf({ sender: { uid: 'a' } as never })).toEqual({ sender: '{"uid":"a"}' });
  });

  it.each([[undefined], [null], [''], ['yesterday'], ['12.5'], [-1]])(
    'uses the time of receipt for a call without a valid time (%j), and none for other pushes',
    (sentAt) => {
      const details = sentAt === undefined ? {} : { sentAt };
      expect(fieldsOf({ type: 'call', ...details })['sentAt']).toBe(String(NOW.getTime()));
      expect(fieldsOf({ type: 'chat', ...details })).toEqual({ type: 'chat' });
    },
  );

  it.each([1_741_847_453, '1741847453', 1_741_847_453_000, '1741847453000'])(
    'converts the time %j to a string of milliseconds',
    (sentAt) => {
      for (const type of ['call', 'chat']) expect(fieldsOf({ type, sentAt })['sentAt']).toBe('1741847453000');
    },
  );

  it('spells cancelled as apps know it and keeps every other action', () => {
    const actionOf = (callAction: string, type = 'call'): unknown =>
      fieldsOf({ type, callAction })['callAction'];
    expect(actionOf('canceled')).toBe('cancelled');
    expect(actionOf('cancelled')).toBe('cancelled');
    expect(actionOf('participant_joined')).toBe('participant_joined');
  });

  it('replaces lone surrogates at any depth', () => {
    const details = {
      body: 'cut \ud83d',
      message: { data: { text: 'cut \ude0e', whole: ['😎', '\\ud83d'] } },
    };
    expect(fieldsOf(details)).toEqual({
      body: 'cut \ufffd',
      message: { data: { text: 'cut \ufffd', whole: ['😎', '\\ud83d'] } },
    });
  });

  it('adds the app’s custom JSON without replacing event fields', () => {
    expect(
      fieldsOf({ type: 'chat', later: 'theirs' }, { brand: 'x', nested: { a: 1 }, later: 'ours' }),
    ).toEqual({
      type: 'chat',
      brand: 'x',
      nested: { a: 1 },
      later: 'theirs',
    });
  });
});

describe('asTexts', () => {
  it('converts objects to JSON text', () => {
    expect(asTexts({ type: 'chat', message: { id: '1' }, list: [1] })).toEqual({
      type: 'chat',
      message: '{"id":"1"}',
      list: '[1]',
    });
  });
});

describe('badgeOf', () => {
  it.each([
    ['5', 5],
    ['0', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e+21', undefined],
    ['many', undefined],
  ])('%s', (unreadMessageCount, badge) => {
    expect(badgeOf({ unreadMessageCount })).toBe(badge);
  });

  it('is undefined without a count', () => {
    expect(badgeOf({})).toBeUndefined();
  });
});
