import { describe, expect, it } from '@jest/globals';
import { NOW, pushContext } from '../../../../test/support/push-context.js';
import { keptUntil, pushTypeOf, secondsUntil, shownFor, type PushType } from './push-type.js';

const later = (ms: number): Date => new Date(NOW.getTime() + ms);

describe('pushTypeOf', () => {
  it.each([
    ['initiated', 'ring', 'ring'],
    ['unanswered', 'missed-call', 'call-update'],
    ['cancelled', 'missed-call', 'call-update'],
    ['canceled', 'missed-call', 'call-update'],
    ['ongoing', 'call-update', 'call-update'],
    ['busy', 'call-update', 'call-update'],
    ['rejected', 'call-update', 'call-update'],
    ['ended', 'call-update', 'call-update'],
    [null, 'call-update', 'call-update'],
  ] as const)('call action %s: %s if it rang, %s if not', (callAction, rang, didNotRing) => {
    const details = { type: 'call', callAction };
    expect(pushTypeOf(details, pushContext({ missedCall: true }))).toBe(rang);
    expect(pushTypeOf(details, pushContext({ missedCall: false }))).toBe(didNotRing);
  });

  it('reports no missed call if the app disables it', () => {
    const context = pushContext({ missedCall: true }, ({ calls }) => {
      calls.missedCall = false;
    });
    expect(pushTypeOf({ type: 'call', callAction: 'unanswered' }, context)).toBe('call-update');
  });

  it.each(['chat', 'something-new', null])('treats the type %s as a message', (type) => {
    expect(pushTypeOf({ type }, pushContext({ missedCall: true }))).toBe('message');
  });
});

describe('shownFor', () => {
  const fields = { title: 'Caller', body: 'AUDIO CALL', senderName: 'Ann', callType: 'audio' };

  it('shows title and body with the sound of the kind', () => {
    const context = pushContext({}, ({ sound }) => {
      sound.call = 'ring.caf';
    });
    const shown = { title: 'Caller', body: 'AUDIO CALL' };
    expect(shownFor('message', fields, context)).toEqual({ ...shown, sound: 'default' });
    expect(shownFor('ring', fields, context)).toEqual({ ...shown, sound: 'ring.caf' });
  });

  it.each([
    [fields, 'Ann', 'Missed audio call'],
    [{ ...fields, callType: 'video' }, 'Ann', 'Missed video call'],
    [{ title: 'Caller' }, 'Caller', 'Missed call'],
  ])('shows the missed call of %j', (of, title, body) => {
    expect(shownFor('missed-call', of, pushContext())).toEqual({ title, body, sound: 'default' });
  });

  it('uses the app’s template for a missed call', () => {
    const context = pushContext({}, ({ calls }) => {
      Object.assign(calls.missedCallText, {
        title: 'Verpasst',
        audio: '{{ senderName }} rief an{{unknown}}',
      });
    });
    expect(shownFor('missed-call', fields, context)).toMatchObject({
      title: 'Verpasst',
      body: 'Ann rief an',
    });
  });

  it('shows nothing for other call events and for messages without text', () => {
    expect(shownFor('call-update', fields, pushContext())).toBeUndefined();
    expect(shownFor('message', { type: 'chat' }, pushContext())).toBeUndefined();
  });

  it('makes no sound if the setting is empty', () => {
    const context = pushContext({}, ({ sound }) => {
      sound.chat = '';
    });
    expect(shownFor('message', fields, context)?.sound).toBeUndefined();
  });
});

describe('keptUntil', () => {
  it.each<[PushType, number]>([
    ['message', 86_400_000],
    ['missed-call', 86_400_000],
    ['ring', 60_000],
    ['call-update', 60_000],
  ])('keeps a %s for %i ms', (pushType, ms) => {
    expect(keptUntil(pushType, pushContext())).toEqual(later(ms));
  });

  it('never exceeds the lifetime of the delivery', () => {
    expect(keptUntil('ring', pushContext({ expiresAt: later(30_000) }))).toEqual(later(30_000));
  });

  it('keeps messages for the configured TTL', () => {
    const context = pushContext({}, ({ ttlSeconds }) => {
      ttlSeconds.chat = 3_600;
    });
    expect(keptUntil('message', context)).toEqual(later(3_600_000));
  });
});

describe('secondsUntil', () => {
  it.each([
    [1_999, 1],
    [0, 0],
    [-5, 0],
    [99_000, 60],
  ])('rounds %i ms to %i s', (ms, seconds) => {
    expect(secondsUntil(later(ms), NOW, 60)).toBe(seconds);
  });
});
