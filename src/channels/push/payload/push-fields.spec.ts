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
  it('makes texts of numbers and switches, and leaves out what is null or empty', () => {
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

  it('makes objects of message and custom where they are JSON text, and of nothing else', () => {
    expect(
      fieldsOf({ message: '{"id":"1"}', custom: '{"a":1}', other: '{"b":2}', list: [1], object: { c: 3 } }),
    ).toEqual({ message: { id: '1' }, custom: { a: 1 }, other: '{"b":2}', list: [1], object: { c: 3 } });
    expect(fieldsOf({ message: 'no JSON', custom: '{"half' })).toEqual({
      message: 'no JSON',
      custom: '{"half',
    });
  });

  it('makes text of an object where apps cast to text', () => {
    expect(fieldsOf({ sender: { uid: 'a' } as never })).toEqual({ sender: '{"uid":"a"}' });
  });

  it.each([[undefined], [null], [''], ['yesterday'], ['12.5'], [-1]])(
    'counts a call that names no time (%j) from its receipt, and gives other pushes none',
    (sentAt) => {
      const details = sentAt === undefined ? {} : { sentAt };
      expect(fieldsOf({ type: 'call', ...details })['sentAt']).toBe(String(NOW.getTime()));
      expect(fieldsOf({ type: 'chat', ...details })).toEqual({ type: 'chat' });
    },
  );

  it.each([1_741_847_453, '1741847453', 1_741_847_453_000, '1741847453000'])(
    'gives the time %j in milliseconds, as text',
    (sentAt) => {
      for (const type of ['call', 'chat']) expect(fieldsOf({ type, sentAt })['sentAt']).toBe('1741847453000');
    },
  );

  it('names the end of a call as apps know it, and every other action as it came', () => {
    const actionOf = (callAction: string, type = 'call'): unknown =>
      fieldsOf({ type, callAction })['callAction'];
    expect(actionOf('canceled')).toBe('cancelled');
    expect(actionOf('cancelled')).toBe('cancelled');
    expect(actionOf('participant_joined')).toBe('participant_joined');
  });

  it('replaces half a surrogate pair, wherever it is', () => {
    const details = {
      body: 'cut \ud83d',
      message: { data: { text: 'cut \ude0e', whole: ['😎', '\\ud83d'] } },
    };
    expect(fieldsOf(details)).toEqual({
      body: 'cut \ufffd',
      message: { data: { text: 'cut \ufffd', whole: ['😎', '\\ud83d'] } },
    });
  });

  it('adds the app’s own JSON, which replaces nothing', () => {
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
  it('makes JSON text of objects', () => {
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

  it('is none where there is no count', () => {
    expect(badgeOf({})).toBeUndefined();
  });
});
