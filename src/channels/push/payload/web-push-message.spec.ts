import { describe, expect, it } from '@jest/globals';
import { documented, pushContext } from '../../../../test/support/push-context.js';
import type { NotificationDetails } from '../../../domain/event.js';
import { pushPayload } from './push-payload.js';

const push = (details: NotificationDetails, context = pushContext()) =>
  pushPayload(
    { to: { uid: 'b' }, notificationDetails: details },
    { transport: 'webpush', platform: 'web_push' },
    context,
  );

const topic = (details: NotificationDetails): string | undefined => push(details).headers['topic'];

describe('webPushMessage', () => {
  it('has the flat fields under data, and title and body at the root', () => {
    const { payload } = push(documented('push-chat'));
    expect(payload).toEqual({
      title: 'Andrew Joseph',
      body: 'Hello!',
      data: { ...documented('push-chat'), unreadMessageCount: '5', custom: '{"campaign":"spring"}' },
    });
  });

  it('has high urgency and the TTL of the delivery', () => {
    expect(push(documented('push-chat')).headers).toMatchObject({ ttl: '86400', urgency: 'high' });
    expect(push(documented('push-call-initiated')).headers).toMatchObject({ ttl: '60', urgency: 'high' });
  });

  it('replaces only a stored push of the same call or message', () => {
    const chat = documented('push-chat');
    expect(topic(chat)).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(topic({ ...chat, body: 'edited' })).toBe(topic(chat));
    expect(topic({ ...chat, tag: '124' })).not.toBe(topic(chat));
    expect(topic(documented('push-call-cancelled'))).toBe(topic(documented('push-call-initiated')));
    expect(topic({ type: 'chat', body: 'b' })).toBeUndefined();
  });

  it('has a notification if the app enables it', () => {
    const context = pushContext({}, (settings) => {
      settings.notificationInPayload.web.chat = true;
    });
    expect(push(documented('push-chat'), context).payload['notification']).toMatchObject({
      title: 'Andrew Joseph',
      body: 'Hello!',
      tag: '123',
    });
    expect(push(documented('push-call-initiated'), context).payload).not.toHaveProperty('notification');
  });

  it('leaves room for the encryption overhead', () => {
    const { payload, dropped } = push({ type: 'chat', body: 'x'.repeat(5_000) });
    expect(dropped).toEqual(['body']);
    const bytes = Buffer.byteLength(JSON.stringify(payload));
    expect(bytes).toBeLessThanOrEqual(3_993);
    expect(bytes).toBeGreaterThan(3_990);
  });
});
