import { describe, expect, it } from '@jest/globals';
import { maskedText } from './mask.js';

describe('maskedText', () => {
  it.each([
    [
      'The registration token dK3fQx81:APA91bHPRgkFLJu60Ot9aQ is not valid',
      'The registration token dK3f…9aQ is not valid',
    ],
    [
      "The 'To' number +14155550100 is not a valid phone number.",
      "The 'To' number +14…00 is not a valid phone number.",
    ],
    ['+1 (415) 555-0100 is blocked', '+1 (…100 is blocked'],
    ['ask ann@example.com', 'ask …'],
    ['line one\n\t line\u0000two', 'line one line two'],
    ['see https://www.twilio.com/docs/api/errors/21211', 'see https://www.twilio.com/docs/api/errors/21211'],
  ])('masks %j', (given, shown) => {
    expect(maskedText(given)).toBe(shown);
  });

  it('masks the parts of the message, longest first', () => {
    expect(maskedText('Body "Hello Bob, it is me" of Bob', ['Bob', 'Hello Bob', 'Hello Bob, it is me'])).toBe(
      'Body "Hell… me" of Bob',
    );
  });

  it('cuts off after 200 characters', () => {
    expect(maskedText('a b '.repeat(100))).toHaveLength(200);
  });
});
