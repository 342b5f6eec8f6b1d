import { describe, expect, it } from '@jest/globals';
import { withoutTexts, withoutTextsOf } from './without-texts.js';

describe('a message without its content', () => {
  it('keeps fields, numbers and switches, and shows the length of each text', () => {
    expect(
      withoutTexts({ title: 'Bob', body: '', badge: 2, tags: ['x', null], nested: { sound: true } }),
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
    expect(withoutTextsOf('content', jobs)).toEqual({
      jobs: [{ id: '7', data: { appId: 'a', content: '(16 characters)' } }],
    });
  });
});
