import { describe, expect, it } from '@jest/globals';
import type { DeliveryOptions } from '../../../domain/delivery.js';
import type { NotificationDetails } from '../../../domain/event.js';
import { TRANSPORTS, type Transport } from '../../../domain/notification.js';
import { documented, NOW, pushContext } from '../../../../test/support/push-context.js';
import type { BuiltPush } from './push-context.js';
import { pushPayload } from './push-payload.js';
import { topicOf } from './short-id.js';

type PushChange = Parameters<typeof pushContext>[1];

const PLATFORMS: Readonly<Record<Transport, string>> = {
  fcm: 'fcm_android',
  apns: 'apns_ios_device',
  'apns-voip': 'apns_ios_voip',
  webpush: 'web_push',
  expo: 'expo',
  hms: 'hms_android',
};
const build = (
  transport: Transport,
  options: DeliveryOptions,
  details: NotificationDetails = documented('push-chat'),
  missedCall = false,
): BuiltPush =>
  pushPayload(
    { to: { uid: 'ann' }, notificationDetails: details },
    { transport, platform: PLATFORMS[transport] },
    pushContext({ options, missedCall }, ({ notificationInPayload: { android, web, expo } }) => {
      android.chat = true;
      android.call = true;
      web.chat = true;
      expo.call = true;
    }),
  );
/** The key by which each vendor replaces an earlier push. */
const collapseKeyOf = (transport: Transport, { payload, headers }: BuiltPush): unknown => {
  const android = (payload['android'] as { notification?: { tag?: string } } | undefined)?.notification;
  return {
    fcm: android?.tag,
    hms: android?.tag,
    apns: headers['apns-collapse-id'],
    webpush: headers['topic'],
    'apns-voip': undefined,
    expo: undefined,
  }[transport];
};
const textOf = ({ payload, headers }: BuiltPush): string => JSON.stringify({ payload, headers });

describe('a push changed by rules', () => {
  it.each(TRANSPORTS)('has the title, body and data of the rule on %s', (transport) => {
    const built = textOf(build(transport, { title: 'Ours', body: 'Come', data: { link: 'app://x' } }));
    expect(built).toContain('Ours');
    expect(built).toContain('Come');
    expect(built).toContain('app://x');
    expect(built).not.toContain('Andrew Joseph!');
  });

  it('gets additional data that never replaces event fields', () => {
    const details = { ...documented('push-chat'), plan: 'theirs' };
    const { payload } = build('apns', { data: { plan: 'ours', sender: 'ours', extra: 'ours' } }, details);
    expect(payload).toMatchObject({ plan: 'theirs', sender: details.sender, extra: 'ours' });
  });

  it.each<[Transport, RegExp]>([
    ['fcm', /"sound":"bell.caf"/],
    ['apns', /"sound":"bell.caf"/],
    ['expo', /"sound":"bell.caf"/],
    ['hms', /"sound":"\/raw\/bell.caf"/],
  ])('has the sound of the rule, or none, on %s', (transport, sound) => {
    expect(textOf(build(transport, { sound: 'bell.caf' }))).toMatch(sound);
    expect(textOf(build(transport, { sound: '' }))).not.toContain('sound');
  });

  const normal: [Transport, string, string][] = [
    ['fcm', '"priority":"HIGH"', '"priority":"NORMAL"'],
    ['apns', '"apns-priority":"10"', '"apns-priority":"5"'],
    ['webpush', '"urgency":"high"', '"urgency":"normal"'],
    ['expo', '"priority":"high"', '"priority":"normal"'],
    ['hms', '"urgency":"HIGH"', '"urgency":"NORMAL"'],
  ];
  it.each(normal)('has the priority of the rule on %s', (transport, high, low) => {
    expect(textOf(build(transport, {}))).toContain(high);
    expect(textOf(build(transport, { priority: 'high' }))).toContain(high);
    expect(textOf(build(transport, { priority: 'normal' }))).toContain(low);
  });

  const rings: [Transport, string][] = [
    ['fcm', '"priority":"HIGH"'],
    ['apns', '"apns-priority":"10"'],
    ['apns-voip', '"apns-priority":"10"'],
    ['webpush', '"urgency":"high"'],
    ['expo', '"priority":"high"'],
    ['hms', '"urgency":"HIGH"'],
  ];
  it.each(rings)('keeps the high priority of a ring on %s', (transport, high) => {
    const ring = { ...documented('push-call-initiated'), sentAt: String(NOW.getTime()) };
    const built = build(transport, { priority: 'normal', sound: 'ring' }, ring);
    expect(textOf(built)).toContain(high);
  });

  it('has the TTL of the rule, limited by the delivery’s lifetime', () => {
    const expiration = ({ headers }: BuiltPush) =>
      Number(headers['apns-expiration']) - Math.floor(NOW.getTime() / 1_000);
    expect(expiration(build('apns', { ttlSeconds: 90 }))).toBe(90);
    expect(expiration(build('apns', { ttlSeconds: 0 }))).toBe(0);
    expect(expiration(build('apns', { ttlSeconds: 2_419_200 }))).toBe(86_400);
  });

  it('replaces the title of a missed call', () => {
    const { payload } = build('apns', { title: 'Missed you' }, documented('push-call-cancelled'), true);
    expect(payload).toMatchObject({ aps: { alert: { title: 'Missed you', body: 'Missed audio call' } } });
  });
});

describe('a digest push', () => {
  const details = documented('push-chat');
  const burst = { conversationId: String(details.conversationId), count: 12, silent: false };
  const digest: DeliveryOptions = { storm: burst };

  it.each(TRANSPORTS.filter((transport) => transport !== 'apns-voip'))(
    'states the number of messages on %s',
    (transport) => {
      expect(textOf(build(transport, digest))).toContain(`12 new messages: ${String(details.body)}`);
      expect(textOf(build(transport, { ...digest, body: 'Shaped' }))).toContain('12 new messages: Shaped');
    },
  );

  it('replaces the previous digest wherever the system shows it', () => {
    const id = burst.conversationId;
    expect(build('apns', digest).headers).toMatchObject({ 'apns-collapse-id': id });
    expect(build('fcm', digest).payload).toMatchObject({ android: { notification: { tag: id } } });
    expect(build('hms', digest).payload).toMatchObject({ android: { notification: { tag: id } } });
    const web = build('webpush', digest);
    expect(web.payload).toMatchObject({ notification: { tag: id } });
    expect(web.headers['topic']).toBe(topicOf('chat', id, id));
    // The data for the app stays that of the message.
    expect(build('fcm', digest).payload).toMatchObject({ data: { tag: details.tag } });
  });

  it('makes a sound only once', () => {
    expect(textOf(build('apns', digest))).toContain('"sound"');
    expect(textOf(build('apns', { storm: { ...burst, silent: true }, sound: 'bell' }))).not.toContain(
      '"sound"',
    );
  });
});

describe('the pushes of a call', () => {
  it.each(['fcm', 'hms', 'apns', 'webpush'] as const)(
    'replace each other, but not those of other calls, on %s',
    (transport) => {
      const keyOf = (name: string, change: NotificationDetails = {}, missed = false): unknown =>
        collapseKeyOf(transport, build(transport, {}, { ...documented(name), ...change }, missed));
      const ring = keyOf('push-call-initiated', { tag: '123' });
      expect(ring).toMatch(/./);
      expect(keyOf('push-call-unanswered', { tag: '124' }, true)).toBe(ring);
      expect(keyOf('push-call-initiated', { tag: '123', sessionId: 'v1.456.bik3' })).not.toBe(ring);
      // A message whose id equals the call's tag.
      expect(keyOf('push-chat', { tag: '123' })).not.toBe(ring);
    },
  );
});

describe('a push requested by a backend', () => {
  const own = { type: 'api', title: 'Your table', body: 'is ready', tag: 'order-17' };
  const built = (transport: Transport, details: NotificationDetails, change?: PushChange): object =>
    pushPayload(
      { to: { uid: 'ann' }, notificationDetails: details },
      { transport, platform: PLATFORMS[transport] },
      pushContext({}, change),
    ).payload;

  it.each(['fcm', 'hms'] as const)(
    'is shown by the system on %s, unlike CometChat’s own pushes',
    (transport) => {
      const shown = { android: { notification: { title: 'Your table', body: 'is ready', tag: 'order-17' } } };
      expect(built(transport, own)).toMatchObject(shown);
      expect(built(transport, documented('push-chat'))).not.toHaveProperty('android.notification');
    },
  );

  it.each(['fcm', 'hms'] as const)(
    'is data-only on %s without text or if the app builds the notification',
    (transport) => {
      expect(built(transport, { type: 'api', link: 'app://x' })).not.toHaveProperty('android.notification');
      const byApp: PushChange = ({ notificationInPayload }) => {
        notificationInPayload.android.api = false;
      };
      expect(built(transport, own, byApp)).not.toHaveProperty('android.notification');
    },
  );

  it('is an alert on Apple devices and is left to the service worker in browsers', () => {
    expect(built('apns', own)).toMatchObject({ aps: { alert: { title: 'Your table' } } });
    expect(built('webpush', own)).not.toHaveProperty('notification');
  });
});
