import { describe, expect, it } from '@jest/globals';
import { isLoopback, isLoopbackHost } from './loopback.js';

describe('loopback', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'is %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each(['', '0.0.0.0', '::', '10.0.0.1', '128.0.0.1', '127.0.0.1.example.com', 'localhost.example.com'])(
    'is not %j',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );

  it.each(['localhost', 'localhost:3000', '127.0.0.1:80', '[::1]:3000', '[::1]'])(
    'is where Host is %s',
    (header) => {
      expect(isLoopbackHost(header)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'abc.ngrok.app',
    'abc.ngrok.app:3000',
    'localhost:3000@evil.example',
    '10.0.0.1:3000',
  ])('is not where Host is %j', (header) => {
    expect(isLoopbackHost(header)).toBe(false);
  });
});
