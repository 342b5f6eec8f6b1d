import { describe, expect, it } from '@jest/globals';
import { documented, NOW, pushContext } from '../../../../test/support/push-context.js';
import type { NotificationDetails } from '../../../domain/event.js';
import type { PushPresentationSettings } from '../../../platform/config/push-presentation-settings.js';
import { callUuid } from './apns-push.js';
import type { PushContext } from './push-context.js';
import { pushPayload } from './push-payload.js';

type Change = (settings: PushPresentationSettings) => void;
const build =
  (transport: 'apns' | 'apns-voip') =>
  (details: NotificationDetails, changes: Partial<PushContext> = {}, change?: Change) =>
    pushPayload(
      { to: { uid: 'b' }, notificationDetails: details },
      { transport, platform: '' },
      pushContext(changes, change),
    );
const alert = build('apns');
const voip = build('apns-voip');
const inSeconds = (s: number): string => String(Math.floor(NOW.getTime() / 1_000) + s);

const categoryAndSounds: Change = (settings) => {
  settings.iosCategory = 'MESSAGE_CATEGORY';
  Object.assign(settings.sound, { chat: 'ding.caf', call: 'ring.caf' });
};

describe('apnsPush', () => {
  it('is an alert with CometChat’s fields beside aps', () => {
    const { payload, headers, dropped } = alert(documented('push-chat-with-message-object'));
    const { message, custom, unreadMessageCount, ...strings } = documented('push-chat-with-message-object');
    expect(payload).toEqual({
      ...strings,
      unreadMessageCount: String(unreadMessageCount),
      message,
      custom,
      aps: {
        alert: { title: 'Andrew Joseph', body: 'Hello!' },
        sound: 'default',
        badge: 5,
        'mutable-content': 1,
        'content-available': 1,
        'thread-id': 'cometchat-uid-1_user_cometchat-uid-2',
      },
    });
    expect(headers).toEqual({
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-expiration': inSeconds(86_400),
      'apns-collapse-id': '123',
    });
    expect(dropped).toEqual([]);
  });

  it('parses a message that is a JSON string', () => {
    expect(alert({ type: 'chat', body: 'b', message: '{"id":"1"}' }).payload['message']).toEqual({ id: '1' });
  });

  it('hashes ids that APNs would refuse', () => {
    const guid = 'g'.repeat(100);
    const { payload, headers } = alert({
      type: 'chat',
      body: 'b',
      tag: guid,
      conversationId: `group_${guid}`,
    });
    expect(headers['apns-collapse-id']).toMatch(/^[0-9a-f]{64}$/);
    expect((payload['aps'] as Record<string, string>)['thread-id']).toMatch(/^[0-9a-f]{64}$/);
    expect(payload).toMatchObject({ tag: guid, conversationId: `group_${guid}` });
  });

  it('uses the category and the sounds of the settings', () => {
    expect(alert(documented('push-chat'), {}, categoryAndSounds).payload['aps']).toMatchObject({
      category: 'MESSAGE_CATEGORY',
      sound: 'ding.caf',
    });
    const ring = alert(documented('push-call-initiated'), {}, categoryAndSounds).payload['aps'];
    expect(ring).toMatchObject({ sound: 'ring.caf' });
    expect(ring).not.toHaveProperty('category');
  });

  it('does not let an event field replace aps', () => {
    expect(alert({ type: 'chat', body: 'b', aps: { alert: 'x' } }).payload['aps']).toMatchObject({
      alert: { body: 'b' },
    });
  });

  it.each(['ongoing', 'busy', 'rejected', 'ended', 'cancelled', 'unanswered'])(
    'sends %s as a background push if no ring was sent',
    (action) => {
      const { payload, headers } = alert(documented(`push-call-${action}`));
      expect(payload).toMatchObject({ callAction: action, aps: { 'content-available': 1 } });
      expect(payload['aps']).toEqual({ 'content-available': 1 });
      expect(headers).toEqual({
        'apns-push-type': 'background',
        'apns-priority': '5',
        'apns-expiration': inSeconds(60),
      });
    },
  );

  it.each(['cancelled', 'unanswered'])('shows a missed call if a call that rang is %s', (action) => {
    const { payload, headers } = alert(documented(`push-call-${action}`), { missedCall: true });
    expect(payload['aps']).toMatchObject({ alert: { title: 'Andrew Joseph', body: 'Missed audio call' } });
    // The fields stay those of the event.
    expect(payload).toMatchObject({ title: 'Caller', body: 'AUDIO CALL' });
    expect(headers).toMatchObject({ 'apns-push-type': 'alert', 'apns-expiration': inSeconds(86_400) });
    // It replaces the alert of the ring.
    expect(headers['apns-collapse-id']).toBe(
      alert(documented('push-call-initiated')).headers['apns-collapse-id'],
    );
  });

  it('fits into 4,096 bytes of JSON', () => {
    const body = 'ü"'.repeat(3_000);
    const { payload, dropped } = alert({ type: 'chat', title: 'T', body, message: { body } });
    expect(dropped).toEqual(['message', 'body']);
    const bytes = Buffer.byteLength(JSON.stringify(payload));
    expect(bytes).toBeLessThanOrEqual(4_096);
    // The body occurs twice, cut as late as possible.
    expect(bytes).toBeGreaterThan(4_096 - 2 * Buffer.byteLength('ü\\"'));
    const { aps, body: flat } = payload as { aps: { alert: { body: string } }; body: string };
    expect(aps.alert.body).toBe(flat);
  });
});

describe('apnsVoipPush', () => {
  it('rings no longer than the lifetime of the delivery', () => {
    const details = documented('push-call-initiated');
    const { payload, headers } = voip(details, { expiresAt: new Date(NOW.getTime() + 45_000) });
    expect(payload).toEqual({
      ...details,
      unreadMessageCount: '5',
      uuid: callUuid('app123', 'v1.123.aik2'),
      callerName: 'Andrew Joseph',
      handle: 'cometchat-uid-1',
      aps: {},
    });
    expect(headers).toEqual({
      'apns-push-type': 'voip',
      'apns-priority': '10',
      'apns-expiration': inSeconds(45),
    });
  });

  it('contains all nine required strings even if the event lacks them', () => {
    expect(voip({ type: 'call', callAction: 'initiated', sender: null, callType: null }).payload).toEqual({
      type: 'call',
      callAction: 'initiated',
      sender: '',
      senderName: '',
      body: '',
      receiver: '',
      callType: '',
      sessionId: '',
      conversationId: '',
      sentAt: String(NOW.getTime()),
      callerName: '',
      handle: '',
      aps: {},
    });
  });

  it('fits into 5,120 bytes of JSON', () => {
    const { payload, dropped } = voip({
      ...documented('push-call-initiated'),
      message: { text: 'x'.repeat(4_500) },
      custom: { a: 1 },
    });
    expect(dropped).toEqual(['message']);
    expect(payload['custom']).toEqual({ a: 1 });
    expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(5_120);
  });
});

describe('callUuid', () => {
  it('is stable for a call and differs between calls and apps', () => {
    expect(callUuid('app123', 's')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(callUuid('app123', 's')).toBe(callUuid('app123', 's'));
    expect(callUuid('app123', 's')).not.toBe(callUuid('app124', 's'));
    expect(callUuid('app123', 's')).not.toBe(callUuid('app123', 't'));
  });
});
