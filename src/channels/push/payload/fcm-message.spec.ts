import { describe, expect, it } from '@jest/globals';
import type { NotificationDetails } from '../../../domain/event.js';
import { fcmMessage } from './fcm-message.js';

const message = (details: NotificationDetails, platform = 'fcm_android', ttlMs = 3_600_000) =>
  fcmMessage({ to: { uid: 'b' }, notificationDetails: details }, platform, ttlMs);
const dataOf = (details: NotificationDetails): Record<string, string> =>
  message(details).payload['data'] as Record<string, string>;

describe('fcmMessage', () => {
  it('passes every field on as text, and leaves out what is null or empty', () => {
    const data = dataOf({
      type: 'chat',
      title: 'Andrew',
      body: '',
      tag: null,
      sentAt: 1741847453000,
      unreadMessageCount: 5,
      custom: { campaign: 'spring' },
      message: { id: '1', data: { text: 'hi' } },
      added: true,
    });
    expect(data).toEqual({
      type: 'chat',
      title: 'Andrew',
      sentAt: '1741847453000',
      unreadMessageCount: '5',
      custom: '{"campaign":"spring"}',
      message: '{"id":"1","data":{"text":"hi"}}',
      added: 'true',
    });
  });

  it('leaves out keys that FCM keeps for itself', () => {
    expect(dataOf({ type: 'chat', from: 'x', message_type: 'y', 'google.z': '1', gcm: '2' })).toEqual({
      type: 'chat',
    });
  });

  it('is a data message of high priority that lives as long as the delivery', () => {
    expect(message({ type: 'chat' }).payload).toEqual({
      data: { type: 'chat' },
      android: { priority: 'HIGH', ttl: '3600s' },
    });
    expect(message({ type: 'chat' }, 'fcm_android', -5).payload['android']).toEqual({
      priority: 'HIGH',
      ttl: '0s',
    });
  });

  it('gives Apple’s devices an alert and browsers their headers', () => {
    const apple = message(
      { type: 'chat', title: 'A', body: 'B', unreadMessageCount: 7 },
      'fcm_flutter_ios',
    ).payload;
    expect(apple['apns']).toMatchObject({
      payload: { aps: { alert: { title: 'A', body: 'B' }, badge: 7, 'mutable-content': 1 } },
    });
    expect(message({ type: 'chat' }, 'fcm_web').payload['webpush']).toEqual({
      headers: { TTL: '3600', Urgency: 'high' },
    });
  });

  it('drops the message, then custom, then the end of the body, until it fits', () => {
    const big = 'x'.repeat(5_000);
    expect(message({ type: 'chat', body: 'hi', message: { big } }).dropped).toEqual(['message']);
    expect(message({ type: 'chat', body: 'hi', message: { big }, custom: { big } }).dropped).toEqual([
      'message',
      'custom',
    ]);
    const { payload, dropped } = message({ type: 'chat', body: '👩‍👩‍👧‍👦'.repeat(1_000), custom: { a: 1 } });
    expect(dropped).toEqual(['custom', 'body']);
    const { body } = payload['data'] as { body: string };
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4_096);
    expect(body.slice(0, -1).replaceAll('👩‍👩‍👧‍👦', '')).toBe('');
    expect(body.endsWith('…')).toBe(true);
  });
});
