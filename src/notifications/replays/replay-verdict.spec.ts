import { describe, expect, it } from '@jest/globals';
import type { FailedDelivery, ReplayCandidate } from '../../deliveries/replays/replay-records.js';
import { verdictOn } from './replay-verdict.js';

const soon = new Date('2030-01-01T00:00:00Z');
const later = new Date('2030-01-01T01:00:00Z');
const push: FailedDelivery = {
  ...{ id: 'd1', kind: 'fcm', reason: 'provider_unavailable', hadDevice: true, deviceId: 'phone' },
  ...{ isCovered: false, isExpired: false, expiresAt: soon, isOptedOut: false },
  ...{ segments: null, costMicros: null, currency: null },
};
const sms: FailedDelivery = { ...push, id: 'd2', kind: 'sms', hadDevice: false, deviceId: null };
const chat: ReplayCandidate = {
  ...{ id: 'n1', uid: 'ann', channel: 'push', kind: 'chat', source: 'webhook', status: 'failed' },
  ...{ deliveries: [push], copyId: null, rounds: 0, isReplayed: false, isResent: false, mayBeSeen: false },
};
const text: ReplayCandidate = { ...chat, channel: 'sms', kind: 'sms', deliveries: [sms] };

describe('verdictOn', () => {
  it.each<[string, ReplayCandidate, string]>([
    ['a ring', { ...chat, kind: 'call' }, 'call'],
    ['a test', { ...chat, source: 'test' }, 'not_repeatable'],
    ['the reply to an SMS', { ...text, source: 'reply' }, 'not_repeatable'],
    ['what another replay has sent', { ...chat, isReplayed: true, rounds: 1 }, 'already_replayed'],
    ['what was resent', { ...chat, isResent: true }, 'already_resent'],
    ['an expired push', { ...chat, deliveries: [{ ...push, isExpired: true }] }, 'past_lifetime'],
    [
      'an expired resumption',
      { ...chat, copyId: 'c1', deliveries: [{ ...push, isExpired: true }] },
      'past_lifetime',
    ],
    [
      'a push to a device that is gone',
      { ...chat, deliveries: [{ ...push, deviceId: null }] },
      'device_gone',
    ],
    [
      'a push that reached the device',
      { ...chat, deliveries: [{ ...push, isCovered: true }] },
      'reached_otherwise',
    ],
    ['the SMS copy of a push', { ...chat, status: 'sent', deliveries: [sms] }, 'sms_copy'],
    ['an SMS that failed over', { ...text, status: 'sent' }, 'reached_otherwise'],
    ['an SMS that is queued elsewhere', { ...text, status: 'queued' }, 'reached_otherwise'],
    ['an SMS to an opted-out number', { ...text, deliveries: [{ ...sms, isOptedOut: true }] }, 'opted_out'],
  ])('leaves out %s', (_, candidate, leftOut) => {
    expect(verdictOn(candidate)).toEqual({ leftOut });
  });

  it('sends a push to the devices that it did not reach, within the longest lifetime', () => {
    const tablet = { ...push, id: 'd3', deviceId: 'tablet', expiresAt: later };
    const watch = { ...push, id: 'd4', deviceId: 'watch', isCovered: true };
    expect(verdictOn({ ...chat, status: 'sent', deliveries: [push, tablet, watch, sms] })).toEqual({
      deliveries: [push, tablet],
      target: { deviceIds: ['phone', 'tablet'] },
      expiresAt: later,
    });
  });

  it('names a device once', () => {
    const moved = { ...push, id: 'd3' };
    expect(verdictOn({ ...chat, deliveries: [push, moved] })).toMatchObject({
      target: { deviceIds: ['phone'] },
    });
  });

  it('sends a push that had no device to all devices', () => {
    const none = { ...push, kind: null, reason: 'no_device', hadDevice: false, deviceId: null };
    const skipped: ReplayCandidate = { ...chat, status: 'skipped', deliveries: [none] };
    expect(verdictOn(skipped)).toEqual({ deliveries: [none], expiresAt: soon });
  });

  it('sends one SMS, whatever the number of its attempts at providers', () => {
    const next = { ...sms, id: 'd3' };
    expect(verdictOn({ ...text, deliveries: [sms, next] })).toEqual({ deliveries: [next], expiresAt: soon });
  });

  it('sends what the same replay has claimed', () => {
    const claimed = { ...chat, copyId: 'c1', rounds: 1, isReplayed: true };
    expect(verdictOn(claimed)).toMatchObject({ deliveries: [push] });
  });
});
