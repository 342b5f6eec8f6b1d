import { describe, expect, it } from '@jest/globals';
import { documented, NOW, pushContext } from '../../../../test/support/push-context.js';
import type { NotificationDetails } from '../../../domain/event.js';
import type { PushPresentationSettings } from '../../../platform/config/push-presentation-settings.js';
import type { PushContext } from './push-context.js';
import { pushPayload } from './push-payload.js';

const message = (
  details: NotificationDetails,
  platform = 'fcm_android',
  changes: Partial<PushContext> = {},
  change?: (settings: PushPresentationSettings) => void,
) =>
  pushPayload(
    { to: { uid: 'b' }, notificationDetails: details },
    { transport: 'fcm', platform },
    pushContext(changes, change),
  );
const dataOf = (details: NotificationDetails): Record<string, string> =>
  message(details).payload['data'] as Record<string, string>;
const later = (ms: number): Date => new Date(NOW.getTime() + ms);

const withBlock = (name: string, missedCall = false) =>
  message(documented(name), 'fcm_android', { missedCall }, (settings) => {
    Object.assign(settings.notificationInPayload.android, { chat: true, call: true });
    Object.assign(settings.androidChannelId, { chat: 'messages', call: 'calls' });
  }).payload['android'] as { notification?: object };
const bodyOf = (length: number) => ({ type: 'chat', body: 'x'.repeat(length) });

describe('fcmMessage', () => {
  it('passes every field as a string and omits null and empty values', () => {
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

  it('omits keys that FCM reserves', () => {
    expect(dataOf({ type: 'chat', from: 'x', message_type: 'y', 'google.z': '1', gcm: '2' })).toEqual({
      type: 'chat',
    });
  });

  it('is a data message of high priority with the lifetime of the delivery', () => {
    const expiresAt = later(3_600_999);
    expect(message({ type: 'chat', body: 'hi' }, 'fcm_android', { expiresAt })).toEqual({
      payload: { data: { type: 'chat', body: 'hi' }, android: { priority: 'HIGH', ttl: '3600s' } },
      headers: {},
      dropped: [],
      bytes: 14,
      limitBytes: 4_096,
    });
    expect(message({ type: 'chat' }, 'fcm_android', { expiresAt: later(-5) }).payload['android']).toEqual({
      priority: 'HIGH',
      ttl: '0s',
    });
    expect(message({ type: 'chat' }, 'fcm_android', { expiresAt: later(1e12) }).payload['android']).toEqual({
      priority: 'HIGH',
      ttl: '2419200s',
    });
  });

  it('has a notification block for Android if the app enables it', () => {
    expect(withBlock('push-chat').notification).toEqual({
      title: 'Andrew Joseph',
      body: 'Hello!',
      channel_id: 'messages',
      tag: '123',
      sound: 'default',
    });
    expect(withBlock('push-call-unanswered', true).notification).toMatchObject({
      title: 'Andrew Joseph',
      body: 'Missed audio call',
      channel_id: 'calls',
    });
    expect(withBlock('push-call-unanswered').notification).toBeUndefined();
  });

  it.each(['fcm_ios', 'fcm_flutter_ios', 'fcm_react_native_ios', 'fcm_ionic_cordova_ios'])(
    'sends an alert to %s',
    (platform) => {
      const { apns, android } = message(documented('push-chat'), platform).payload;
      expect(android).toBeUndefined();
      expect(apns).toEqual({
        headers: {
          'apns-push-type': 'alert',
          'apns-priority': '10',
          'apns-expiration': String(Math.floor(later(86_400_000).getTime() / 1_000)),
          'apns-collapse-id': '123',
        },
        payload: {
          aps: {
            alert: { title: 'Andrew Joseph', body: 'Hello!' },
            sound: 'default',
            badge: 5,
            'mutable-content': 1,
            'content-available': 1,
            'thread-id': 'cometchat-uid-1_user_cometchat-uid-2',
          },
        },
      });
    },
  );

  it('sends a background push to Apple devices if the system shows nothing', () => {
    const background = {
      headers: { 'apns-push-type': 'background', 'apns-priority': '5' },
      payload: { aps: { 'content-available': 1 } },
    };
    expect(message(documented('push-call-ended'), 'fcm_ios').payload['apns']).toMatchObject(background);
    const dataOnly = message(documented('push-chat'), 'fcm_ios', {}, (settings) => {
      settings.notificationInPayload.ios.chat = false;
    });
    expect(dataOnly.payload['apns']).toMatchObject(background);
    expect(dataOnly.payload['data']).toMatchObject({ body: 'Hello!' });
  });

  it('has headers for browsers, and a notification if the app enables it', () => {
    expect(message(documented('push-chat'), 'fcm_web').payload['webpush']).toEqual({
      headers: { TTL: '86400', Urgency: 'high' },
    });
    const shown = message(documented('push-chat'), 'fcm_web', {}, (settings) => {
      settings.notificationInPayload.web.chat = true;
    });
    expect(shown.payload['webpush']).toMatchObject({
      notification: { title: 'Andrew Joseph', body: 'Hello!', tag: '123' },
    });
  });

  it('drops message, then custom, then the end of the body until it fits', () => {
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

  it('counts every byte of the data and the notification block', () => {
    const room = 4_096 - 'typechatbody'.length;
    expect(message(bodyOf(room)).dropped).toEqual([]);
    expect(message(bodyOf(room + 1)).dropped).toEqual(['body']);
    const inBlock = (length: number) =>
      message(bodyOf(length), 'fcm_android', {}, (settings) => {
        settings.notificationInPayload.android.chat = true;
      });
    expect(inBlock(2_000).dropped).toEqual([]);
    expect(inBlock(2_100).dropped).toEqual(['body']);
  });
});
