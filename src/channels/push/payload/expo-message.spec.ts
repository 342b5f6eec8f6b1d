import { describe, expect, it } from '@jest/globals';
import { documented, NOW, pushContext } from '../../../../test/support/push-context.js';
import type { NotificationDetails } from '../../../domain/event.js';
import { pushPayload } from './push-payload.js';

const push = (details: NotificationDetails, context = pushContext()) =>
  pushPayload(
    { to: { uid: 'b' }, notificationDetails: details },
    { transport: 'expo', platform: 'expo' },
    context,
  );
const epoch = Math.floor(NOW.getTime() / 1_000);

describe('expoMessage', () => {
  it('is shown, with the fields as strings in its data', () => {
    const context = pushContext({}, (settings) => {
      settings.androidChannelId.chat = 'messages';
      settings.iosCategory = 'MESSAGE_CATEGORY';
    });
    expect(push(documented('push-chat'), context).payload).toEqual({
      title: 'Andrew Joseph',
      body: 'Hello!',
      data: { ...documented('push-chat'), unreadMessageCount: '5', custom: '{"campaign":"spring"}' },
      expiration: epoch + 86_400,
      priority: 'high',
      sound: 'default',
      badge: 5,
      channelId: 'messages',
      categoryId: 'MESSAGE_CATEGORY',
      mutableContent: true,
    });
  });

  it('is data-only if it shows nothing', () => {
    const { payload } = push(documented('push-call-ended'));
    expect(payload).toEqual({
      data: expect.objectContaining({ callAction: 'ended' }) as unknown,
      expiration: epoch + 60,
      priority: 'normal',
      _contentAvailable: true,
    });
  });

  it('shows a missed call', () => {
    const { payload } = push(documented('push-call-cancelled'), pushContext({ missedCall: true }));
    expect(payload).toMatchObject({ title: 'Andrew Joseph', body: 'Missed audio call' });
  });
});
