import { describe, expect, it } from '@jest/globals';
import { documented, pushContext } from '../../../../test/support/push-context.js';
import type { NotificationDetails } from '../../../domain/event.js';
import { pushPayload } from './push-payload.js';

const push = (details: NotificationDetails, context = pushContext()) =>
  pushPayload(
    { to: { uid: 'b' }, notificationDetails: details },
    { transport: 'hms', platform: 'hms_android' },
    context,
  ).payload;

describe('hmsMessage', () => {
  it('is a data message whose data is JSON text', () => {
    const { data, android } = push(documented('push-chat')) as { data: string; android: object };
    expect(JSON.parse(data)).toEqual({
      ...documented('push-chat'),
      unreadMessageCount: '5',
      custom: '{"campaign":"spring"}',
    });
    expect(android).toEqual({ urgency: 'HIGH', ttl: '86400s', collapse_key: -1 });
  });

  it('has a notification block and a category if the app enables them', () => {
    const context = pushContext({}, (settings) => {
      settings.notificationInPayload.android.chat = true;
      settings.androidChannelId.chat = 'messages';
      settings.sound.chat = 'ding';
      Object.assign(settings.huaweiCategory, { chat: 'IM', call: 'VOIP' });
    });
    expect(push(documented('push-chat'), context)['android']).toMatchObject({
      category: 'IM',
      notification: {
        title: 'Andrew Joseph',
        body: 'Hello!',
        click_action: { type: 3 },
        sound: '/raw/ding',
        channel_id: 'messages',
        tag: '123',
      },
    });
    const ring = push(documented('push-call-initiated'), context)['android'];
    expect(ring).toMatchObject({ category: 'VOIP', ttl: '60s' });
    expect(ring).not.toHaveProperty('notification');
  });

  it('fills title and body, since Huawei refuses a notification without either', () => {
    const context = pushContext({}, (settings) => {
      settings.notificationInPayload.android.chat = true;
    });
    expect(push({ type: 'chat', body: 'b' }, context)['android']).toMatchObject({
      notification: { title: 'b', body: 'b', default_sound: true },
    });
  });
});
