import { describe, expect, it } from '@jest/globals';
import { pushServiceOrigin } from './push-service.js';

const ALLOWED = ['https://push.example.com', 'https://Push.example.org:8443'];

describe('pushServiceOrigin', () => {
  it.each([
    ['https://fcm.googleapis.com/fcm/send/abc:def', 'https://fcm.googleapis.com'],
    ['https://jmt17.google.com/fcm/send/abc:def', 'https://jmt17.google.com'],
    ['https://updates.push.services.mozilla.com/wpush/v2/gAAA', 'https://updates.push.services.mozilla.com'],
    ['https://db5p.notify.windows.com/w/?token=abc', 'https://db5p.notify.windows.com'],
    ['https://web.push.apple.com/QAbc', 'https://web.push.apple.com'],
    ['https://web.push.apple.com:443/QAbc', 'https://web.push.apple.com'],
    ['https://push.example.com/a', 'https://push.example.com'],
    ['https://push.example.org:8443/a', 'https://push.example.org:8443'],
  ])('accepts %s', (endpoint, origin) => {
    expect(pushServiceOrigin(endpoint, ALLOWED)).toBe(origin);
  });

  it.each([
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com:8080/fcm/send/abc',
    'https://fcm.googleapis.com.example.net/abc',
    'https://fcm.googleapis.com@169.254.169.254/latest',
    'https://user:word@fcm.googleapis.com/fcm/send/abc',
    'https://evilfcm.googleapis.com/abc',
    'https://jmt18.google.com/fcm/send/abc',
    'https://push.apple.com/abc',
    'https://notpush.apple.com/abc',
    'https://127.0.0.1/abc',
    'https://[::1]/abc',
    'https://metadata.google.internal/abc',
    'https://push.example.com:444/a',
    'https://push.example.com.evil.net/a',
    'file:///etc/passwd',
    'not an address',
    '',
  ])('rejects %j', (endpoint) => {
    expect(pushServiceOrigin(endpoint, ALLOWED)).toBeUndefined();
  });
});
