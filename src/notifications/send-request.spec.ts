import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../platform/errors/gateway-error.js';
import type { SendRequestDto } from './send-request.dto.js';
import { readSendRequest, readStoredRequest, readTarget } from './send-request.js';

const push = (change: Partial<SendRequestDto> = {}): SendRequestDto => ({
  channel: 'push',
  to: { uid: 'Ann' },
  title: 'Hello',
  ...change,
});
const pathsOf = (act: () => unknown): string[] => {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error.errors.map(({ path }) => path);
  }
};

describe('readSendRequest', () => {
  it('converts a push to the form of a webhook, whose own fields `data` cannot replace', () => {
    const data = {
      orderId: 17,
      type: 'call',
      title: 'x',
      body: 'y',
      tag: 'z',
      callAction: 'initiated',
      list: [1],
    };
    const request = readSendRequest(
      push({ data, tag: 'order-17', ttlSeconds: 60, to: { uid: 'Ann', sessionId: 's1' } }),
    );
    expect(request).toEqual({
      channel: 'push',
      uid: 'ann',
      content: {
        to: { uid: 'ann', sessionId: 's1' },
        notificationDetails: { orderId: 17, list: [1], type: 'api', title: 'Hello', tag: 'order-17' },
        ttlSeconds: 60,
      },
      target: { sessionId: 's1' },
      ttlSeconds: 60,
    });
    expect(readStoredRequest(JSON.stringify(request.content))).toEqual({
      target: { sessionId: 's1' },
      ttlSeconds: 60,
    });
  });

  it('converts an SMS to the form of a webhook', () => {
    const request = readSendRequest({ channel: 'sms', to: { uid: 'ann', phno: '+14155550100' }, text: 'Hi' });
    expect(request.content).toEqual({ to: { uid: 'ann', phno: '+14155550100' }, smsContent: 'Hi' });
    expect(readStoredRequest(JSON.stringify(request.content))).toEqual({
      target: undefined,
      ttlSeconds: undefined,
    });
  });

  it('treats null as absent and collapseId as tag', () => {
    const none = { deviceId: null, sessionId: null, exceptSessionId: null, phno: null };
    const request = readSendRequest(
      push({ to: { uid: 'ann', ...none }, body: null, text: null, collapseId: 'c' }),
    );
    expect(request).toMatchObject({ target: undefined, content: { notificationDetails: { tag: 'c' } } });
  });

  it.each<[string, Partial<SendRequestDto>, string[]]>([
    ['a push without title, body and data', { title: null }, ['']],
    ['a push with `text`', { text: 'x' }, ['text']],
    ['a push with a number', { to: { uid: 'ann', phno: '+14155550100' } }, ['to.phno']],
    ['a push with two tags', { tag: 'a', collapseId: 'b' }, ['collapseId']],
    [
      'a push with two targets',
      { to: { uid: 'ann', sessionId: 's', exceptSessionId: 't' } },
      ['to.exceptSessionId'],
    ],
    ['an SMS with a title and no text', { channel: 'sms' }, ['title', 'text']],
    [
      'an SMS to a session',
      { channel: 'sms', title: null, text: 'x', to: { uid: 'ann', sessionId: 's' } },
      ['to'],
    ],
  ])('refuses %s', (_, change, paths) => {
    expect(pathsOf(() => readSendRequest(push(change)))).toEqual(paths);
  });
});

describe('readTarget', () => {
  it('accepts one device, one session, all but one session, or no target', () => {
    expect(readTarget({})).toBeUndefined();
    expect(readTarget({ deviceId: 'ABC' })).toEqual({ deviceId: 'abc' });
    expect(readTarget({ exceptSessionId: 's' })).toEqual({ exceptSessionId: 's' });
    expect(pathsOf(() => readTarget({ deviceId: 'a', sessionId: 'b', exceptSessionId: 'c' }))).toEqual([
      'sessionId',
      'exceptSessionId',
    ]);
  });
});
