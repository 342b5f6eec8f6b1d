import { describe, expect, it } from '@jest/globals';
import { fill } from './fill.js';

const FIELDS = { senderName: 'Ann & Bob <3', body: '{{ senderName }}', message: { text: 'hidden' } };

describe('fill', () => {
  it.each([
    ['{{senderName}} called', 'Ann & Bob <3 called'],
    ['{{ senderName }}: {{body}}', 'Ann & Bob <3: {{ senderName }}'],
    ['{{ senderName | upcase | truncate: 6 }}', 'ANN...'],
    ['Missed call', 'Missed call'],
    ['{{ groupName }}', ''],
    ['{{ message }}{{ message.text }}{{ constructor }}{{ toString }}', ''],
  ])('%s: %j', (template, expected) => {
    expect(fill(template, FIELDS)).toBe(expected);
  });

  it('is empty if the template exceeds its limits', () => {
    expect(fill('{% for i in (1..100000000) %}{{ i }}{% endfor %}', FIELDS)).toBe('');
  });
});
