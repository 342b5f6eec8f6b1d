import { describe, expect, it } from '@jest/globals';
import { callActionOf, kindOfPush } from './event.js';
import { mask } from './mask.js';
import { furthestStatus } from './notification.js';
import { normaliseUid } from './uid.js';

describe('kindOfPush', () => {
  it.each([
    ['call', { type: 'call', receiverType: 'user' }],
    ['chat', { type: 'chat', receiverType: 'user', sender: 'a', receiver: 'b', tag: '1' }],
    ['reaction', { type: 'chat', receiverType: 'user', sender: 'a', receiver: 'a', tag: '58' }],
    ['group_action', { type: 'chat', receiverType: 'group', sender: 'a', receiver: 'g', tag: 'g' }],
    ['chat', { type: 'chat', receiverType: 'group', sender: 'a', receiver: 'g', tag: '7' }],
    ['chat', { type: 'something-new' }],
    ['chat', { type: null, sender: null, receiver: null, tag: null }],
  ] as const)('classifies a push as %s', (kind, details) => {
    expect(kindOfPush(details)).toBe(kind);
  });
});

describe('callActionOf', () => {
  it('accepts both spellings of cancelled', () => {
    expect(callActionOf({ callAction: 'canceled' })).toBe('cancelled');
    expect(callActionOf({ callAction: 'busy' })).toBe('busy');
    expect(callActionOf({ callAction: null })).toBeUndefined();
  });
});

describe('furthestStatus', () => {
  it.each([
    ['delivered', ['failed', 'delivered', 'sent']],
    ['sent', ['queued', 'sent', 'failed']],
    ['queued', ['queued', 'failed', 'expired']],
    ['failed', ['skipped', 'expired', 'failed']],
    ['expired', ['skipped', 'expired']],
    ['skipped', ['skipped']],
  ] as const)('returns %s as the furthest status', (furthest, statuses) => {
    expect(furthestStatus(statuses)).toBe(furthest);
  });
});

describe('mask', () => {
  it('shows the ends of long values and nothing of short ones', () => {
    expect(mask('dK3fAAAAAAAAAAAAAAAAA9aQ')).toBe('dK3f…9aQ');
    expect(mask('+14155550100')).toBe('+14…00');
    expect(mask('12345678')).toBe('…');
    expect(mask('')).toBe('…');
  });
});

describe('normaliseUid', () => {
  it('lower-cases a uid and rejects invalid values', () => {
    expect(normaliseUid('CometChat-UID_2')).toBe('cometchat-uid_2');
    for (const bad of ['', 'a b', 'a\u0000', 'a\n', 'x'.repeat(101)])
      expect(normaliseUid(bad)).toBeUndefined();
  });
});
