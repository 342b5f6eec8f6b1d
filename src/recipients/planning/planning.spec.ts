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

  it('rings by VoIP in sessions with a VoIP token, and by alert in others', () => {
    expect(devicesFor(all, 'initiated', byDefault)).toEqual([
      device('apns_ios_voip', 's1'),
      ipadWithoutCalls,
      android,
    ]);
  });

  it.each(['fcm_flutter_ios', 'fcm_react_native_ios', 'expo'])(
    'rings by VoIP alone on a phone that gets its messages by %s',
    (platform) => {
      const phone = [device(platform, 's1'), device('apns_ios_voip', 's1')];
      expect(devicesFor(phone, 'initiated', byDefault)).toEqual([device('apns_ios_voip', 's1')]);
      expect(devicesFor(phone, 'cancelled', byDefault)).toEqual([device(platform, 's1')]);
      expect(devicesFor(phone, undefined, byDefault)).toEqual([device(platform, 's1')]);
    },
  );

  it('keeps tokens that cannot belong to an iPhone', () => {
    const devices = [device('apns_ios_voip', 's1'), device('fcm_android', 's1'), device('web_push', 's1')];
    expect(devicesFor(devices, 'initiated', byDefault)).toEqual(devices);
  });

  it('treats tokens without a session as separate devices', () => {
    const ipad = device('apns_ios_device');
    for (const voip of [device('apns_ios_voip'), device('apns_ios_voip', 's1')]) {
      expect(devicesFor([voip, ipad], 'initiated', byDefault)).toEqual([voip, ipad]);
    }
  });

  it('keeps the alert token beside a VoIP token without a provider', () => {
    const served = ({ address }: { address: { transport: Transport } }) => address.transport !== 'apns-voip';
    expect(devicesFor(iphone, 'initiated', byDefault, served)).toEqual(iphone);
  });

  it.each([undefined, 'ongoing', 'cancelled', 'ended'])('never sends the action %s by VoIP', (action) => {
    expect(devicesFor(all, action, byDefault)).toEqual([
      device('apns_ios_device', 's1'),
      ipadWithoutCalls,
      android,
    ]);
  });

  it('sends the end of a call by VoIP if the app asks for it, but never chat', () => {
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
  it('expires a ring when the call stops ringing, counted from when the caller dialled', () => {
    expect(expiryOf(receivedAt, call(String(at(-5_000).getTime())), settings)).toEqual(at(40_000));
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['ahead of our clock', String(at(60_000).getTime())],
    ['zero', 0],
  ])('treats a call whose time is %s as sent now', (_name, sentAt) => {
    expect(expiryOf(receivedAt, call(sentAt), settings)).toEqual(at(45_000));
  });

  it('limits the age of other events only if configured', () => {
    const old = call(String(at(-90_000).getTime()), 'cancelled');
    expect(expiryOf(receivedAt, old, settings)).toEqual(at(3_600_000));
    expect(expiryOf(receivedAt, old, { ...settings, maxAgeMinutes: 1 })).toEqual(at(-30_000));
    const inSeconds = call(at(-90_000).getTime() / 1_000, 'cancelled');
    expect(expiryOf(receivedAt, inSeconds, { ...settings, maxAgeMinutes: 1 })).toEqual(at(-30_000));
    expect(expiryOf(receivedAt, call(null, 'cancelled'), { ...settings, maxAgeMinutes: 1 })).toEqual(
      at(3_600_000),
    );
  });

  it('gives other events the configured lifetime from their arrival', () => {
    expect(expiryOf(receivedAt, call('1', 'cancelled'), settings)).toEqual(at(3_600_000));
    expect(expiryOf(receivedAt, null, settings)).toEqual(at(3_600_000));
  });
});
