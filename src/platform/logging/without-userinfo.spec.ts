import { describe, expect, it } from '@jest/globals';
import { withoutUserinfo } from './without-userinfo.js';

describe('withoutUserinfo', () => {
  it.each([
    ['https://user:hunter2@vendor.example/path', 'https://vendor.example/path'],
    ['https://hunter2@vendor.example', 'https://vendor.example'],
    ['https://user:p@hunter2@vendor.example:8443/a?b=c@d', 'https://vendor.example:8443/a?b=c@d'],
    ['postgresql://bellhop:hunter2@/db?host=/run', 'postgresql:///db?host=/run'],
    [
      'cannot reach redis://:hunter2@redis:6379, nor amqp+tls://a:hunter2@b',
      'cannot reach redis://redis:6379, nor amqp+tls://b',
    ],
    ['SMPPS://user:hunter2@[::1]:2775', 'SMPPS://[::1]:2775'],
  ])('makes of %s', (text, expected) => {
    expect(withoutUserinfo(text)).toBe(expected);
  });

  it.each([
    'mailto:ops@example.com',
    'https://vendor.example/@handle',
    'https://vendor.example?to=a@b',
    'see https://vendor.example or write to ops@example.com',
  ])('leaves %s', (text) => {
    expect(withoutUserinfo(text)).toBe(text);
  });
});
