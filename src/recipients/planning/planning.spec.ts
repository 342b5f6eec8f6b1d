import { describe, expect, it } from '@jest/globals';
import type { Transport } from '../../domain/notification.js';
import { devicesFor } from './devices-for.js';
import { expiryOf } from './lifetime.js';

const device = (transport: Transport, sessionId: string | null = null) => ({
  address: { transport },
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
  const iphone = [device('apns', 's1'), device('apns-voip', 's1')];
  const ipadWithoutCalls = device('apns', 's2');
  const android = device('fcm', 's3');
  const byDefault = { endActionsAsVoip: false };
  const all = [...iphone, ipadWithoutCalls, android];

  it('rings by VoIP where the login has such a token, and by alert where it has none', () => {
    expect(devicesFor(all, 'initiated', byDefault)).toEqual([
      device('apns-voip', 's1'),
      ipadWithoutCalls,
      android,
    ]);
  });

  it.each([undefined, 'ongoing', 'cancelled', 'ended'])('never sends %s by VoIP', (action) => {
    expect(devicesFor(all, action, byDefault)).toEqual([device('apns', 's1'), ipadWithoutCalls, android]);
  });

  it('sends the end of a call by VoIP where the app wants it, and chat never', () => {
    const asVoip = { endActionsAsVoip: true };
    expect(devicesFor(all, 'ended', asVoip)).toEqual([device('apns-voip', 's1'), ipadWithoutCalls, android]);
    expect(devicesFor(all, undefined, asVoip)).toEqual([device('apns', 's1'), ipadWithoutCalls, android]);
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
