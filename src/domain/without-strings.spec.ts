import { describe, expect, it } from '@jest/globals';
import { withoutStrings, withoutStringsOf } from './without-strings.js';

describe('a message without its content', () => {
  it('keeps fields, numbers and switches, and shows the length of each string', () => {
    expect(
      withoutStrings({ title: 'Bob', body: '', badge: 2, tags: ['x', null], nested: { sound: true } }),
    ).toEqual({
      title: '(3 characters)',
      body: '(0 characters)',
      badge: 2,
      tags: ['(1 character)', null],
      nested: { sound: true },
    });
  });

  it('may concern one key alone', () => {
    const jobs = { jobs: [{ id: '7', data: { appId: 'a', content: '{"body":"Hello"}' } }] };
    expect(withoutStringsOf('content', jobs)).toEqual({
      jobs: [{ id: '7', data: { appId: 'a', content: '(16 characters)' } }],
    });
  });
});
