import { describe, expect, it } from '@jest/globals';
import { readPush } from '../../../console/src/pages/phones/read-push.js';
import { pushPayload } from '../../../src/channels/push/payload/push-payload.js';
import type { Transport } from '../../../src/domain/notification.js';
import type { PushPresentationSettings } from '../../../src/platform/config/push-presentation-settings.js';
import { pushContext } from '../../support/push-context.js';

const MESSAGE = {
  ...{ type: 'chat', title: 'Bob', body: 'Hello!', tag: '7', sender: 'bob', conversationId: 'ann_user_bob' },
  unreadMessageCount: 3,
} as const;
const CALL = {
  ...{ type: 'call', title: 'Bob', body: 'AUDIO CALL', tag: '8', sender: 'bob', senderName: 'Bob' },
  ...{ callAction: 'initiated', callType: 'audio', sessionId: 'v1.us.1', conversationId: 'ann_user_bob' },
} as const;

/** As the sandbox stores it. */
function stored(
  details: typeof MESSAGE | typeof CALL,
  transport: Transport,
  platform: string,
  change?: (settings: PushPresentationSettings) => void,
): unknown {
  const { payload, headers } = pushPayload(
    { to: { uid: 'ann' }, notificationDetails: details },
    { transport, platform },
    pushContext({}, change),
  );
  return Object.keys(headers).length > 0 ? { ...payload, headers } : payload;
}

describe('readPush', () => {
  it.each([
    ['fcm', 'fcm_android', undefined, undefined],
    ['fcm', 'fcm_ios', { title: 'Bob', body: 'Hello!' }, 3],
    ['fcm', 'fcm_web', undefined, undefined],
    ['apns', 'apns_ios_device', { title: 'Bob', body: 'Hello!' }, 3],
    ['webpush', 'web_push', undefined, undefined],
    ['expo', 'expo', { title: 'Bob', body: 'Hello!' }, 3],
    ['hms', 'hms_android', undefined, undefined],
  ] as const)('reads a message by %s to %s', (transport, platform, shown, badge) => {
    const push = readPush(stored(MESSAGE, transport, platform));
    expect(push.fields).toMatchObject({ type: 'chat', title: 'Bob', body: 'Hello!', sender: 'bob' });
    expect(push).toMatchObject({ shown, badge });
    // Expo's pushes replace nothing.
    expect(push.replaceKey).toBe(transport === 'expo' ? '' : '7');
  });

  it.each([
    ['fcm', 'fcm_android'],
    ['fcm', 'fcm_web'],
    ['webpush', 'web_push'],
    ['hms', 'hms_android'],
  ] as const)('reads the notification block by %s to %s', (transport, platform) => {
    const message = stored(MESSAGE, transport, platform, ({ notificationInPayload }) => {
      notificationInPayload.android.chat = true;
      notificationInPayload.web.chat = true;
    });
    expect(readPush(message)).toMatchObject({ shown: { title: 'Bob', body: 'Hello!' }, replaceKey: '7' });
  });

  it.each([
    ['fcm', 'fcm_android'],
    ['apns-voip', 'apns_ios_voip'],
    ['webpush', 'web_push'],
    ['hms', 'hms_android'],
  ] as const)('reads a ring by %s to %s', (transport, platform) => {
    const { fields, shown } = readPush(stored(CALL, transport, platform));
    expect(fields).toMatchObject({ type: 'call', callAction: 'initiated', sessionId: 'v1.us.1' });
    expect(shown).toBeUndefined();
  });

  it.each([[null], ['text'], [{}], [{ aps: 1, headers: null }], [{ data: '{' }], [{ data: 7, android: [] }]])(
    'reads %j as an empty push',
    (message) => {
      expect(readPush(message)).toMatchObject({ fields: {}, replaceKey: '' });
    },
  );
});
