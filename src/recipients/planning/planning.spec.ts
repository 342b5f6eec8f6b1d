import { describe, expect, it } from '@jest/globals';
import type { Transport } from '../../domain/notification.js';
import { devicesFor } from './devices-for.js';
import { expiryOf } from './lifetime.js';

const PLATFORMS: Readonly<Record<string, Transport>> = {
  apns_ios_device: 'apns',
  apns_ios_voip: 'apns-voip',
  fcm_android: 'fcm',
  fcm_flutter_ios: 'fcm',
  fcm_react_native_ios: 'fcm',
  web_push: 'webpush',
  expo: 'expo',
};
const device = (platform: string, sessionId: string | null = null) => ({
  address: { transport: PLATFORMS[platform] ?? 'fcm', platform },
  sessionId,
});
const settings = { lifetimeMinutes: 60, ringSeconds: 45, maxAgeMinutes: 0 };
const receivedAt = new Date('2026-01-02T03:04:05Z');
const at = (ms: number): Date => new Date(receivedAt.getTime() + ms);

const call = (sentAt: string | number | null | undefined, callAction = 'initiated') => ({
  to: { uid: 'b' },
  notificationDetails: { type: 'call', callAction, ...(sentAt === undefined ? {} : { sentAt }) },
});

describe('devicesFor', () => {
  const iphone = [device('apns_ios_device', 's1'), device('apns_ios_voip', 's1')];
  const ipadWithoutCalls = device('apns_ios_device', 's2');
  const android = device('fcm_android', 's3');
  const byDefault = { endActionsAsVoip: false };
  const all = [...iphone, ipadWithoutCalls, android];

  it('rings by VoIP where the login has such a token, and by alert where it has none', () => {
    expect(devicesFor(all, 'initiated', byDefault)).toEqual([
      device('apns_ios_voip', 's1'),
      ipadWithoutCalls,
      android,
    ]);
  });

  it.each(['fcm_flutter_ios', 'fcm_react_native_ios', 'expo'])(
    'rings by VoIP alone where the phone gets its messages by %s',
    (platform) => {
      const phone = [device(platform, 's1'), device('apns_ios_voip', 's1')];
      expect(devicesFor(phone, 'initiated', byDefault)).toEqual([device('apns_ios_voip', 's1')]);
      expect(devicesFor(phone, 'cancelled', byDefault)).toEqual([device(platform, 's1')]);
      expect(devicesFor(phone, undefined, byDefault)).toEqual([device(platform, 's1')]);
    },
  );

  it('leaves out no token that cannot be of an iPhone', () => {
    const devices = [device('apns_ios_voip', 's1'), device('fcm_android', 's1'), device('web_push', 's1')];
    expect(devicesFor(devices, 'initiated', byDefault)).toEqual(devices);
  });

  it('takes tokens without a session for devices of their own', () => {
    const ipad = device('apns_ios_device');
    for (const voip of [device('apns_ios_voip'), device('apns_ios_voip', 's1')]) {
      expect(devicesFor([voip, ipad], 'initiated', byDefault)).toEqual([voip, ipad]);
    }
  });

  it('leaves nobody out for a VoIP token that no provider serves', () => {
    const served = ({ address }: { address: { transport: Transport } }) => address.transport !== 'apns-voip';
    expect(devicesFor(iphone, 'initiated', byDefault, served)).toEqual(iphone);
  });

  it.each([undefined, 'ongoing', 'cancelled', 'ended'])('never sends %s by VoIP', (action) => {
    expect(devicesFor(all, action, byDefault)).toEqual([
      device('apns_ios_device', 's1'),
      ipadWithoutCalls,
      android,
    ]);
  });

  it('sends the end of a call by VoIP where the app wants it, and chat never', () => {
    const asVoip = { endActionsAsVoip: true };
    expect(devicesFor(all, 'ended', asVoip)).toEqual([
      device('apns_ios_voip', 's1'),
      ipadWithoutCalls,
      android,
    ]);
    expect(devicesFor(all, undefined, asVoip)).toEqual([
      device('apns_ios_device', 's1'),
      ipadWithoutCalls,
      android,
    ]);
  });
});

describe('expiryOf', () => {
  it('gives a ring as long as the call rings, from when the caller dialled', () => {
    expect(expiryOf(receivedAt, call(String(at(-5_000).getTime())), settings)).toEqual(at(40_000));
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['ahead of our clock', String(at(60_000).getTime())],
    ['zero', 0],
  ])('counts a time that is %s as now', (_what, sentAt) => {
    expect(expiryOf(receivedAt, call(sentAt), settings)).toEqual(at(45_000));
  });

  it('looks at the age of everything else only where it is told to', () => {
    const old = call(String(at(-90_000).getTime()), 'cancelled');
    expect(expiryOf(receivedAt, old, settings)).toEqual(at(3_600_000));
    expect(expiryOf(receivedAt, old, { ...settings, maxAgeMinutes: 1 })).toEqual(at(-30_000));
    const inSeconds = call(at(-90_000).getTime() / 1_000, 'cancelled');
    expect(expiryOf(receivedAt, inSeconds, { ...settings, maxAgeMinutes: 1 })).toEqual(at(-30_000));
    expect(expiryOf(receivedAt, call(null, 'cancelled'), { ...settings, maxAgeMinutes: 1 })).toEqual(
      at(3_600_000),
    );
  });

  it('gives everything else the configured lifetime, from receipt', () => {
    expect(expiryOf(receivedAt, call('1', 'cancelled'), settings)).toEqual(at(3_600_000));
    expect(expiryOf(receivedAt, null, settings)).toEqual(at(3_600_000));
  });
});
