import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { push, sms, type Webhook } from '../../support/payloads.js';
import { until } from '../../support/until.js';

const lines: string[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { delivery: { backoffMs: 20, maxBackoffMs: 100, maxAttempts: 3 } },
    log: (line) => lines.push(line),
  });
});
afterAll(() => gateway.close());

const register = async (uid: string, device: object): Promise<string> => {
  const answer = await gateway.backend('POST', `/v1/users/${uid}/devices`, device);
  expect([200, 201]).toContain(answer.statusCode);
  return answer.json<{ id: string }>().id;
};
const send = async (channel: 'push' | 'sms', event: Webhook): Promise<string> => {
  const answer = await gateway.webhook(channel, event);
  expect(answer.statusCode).toBe(200);
  return answer.json<{ notificationId: string }>().notificationId;
};
const given = async (uid: string) =>
  (await gateway.sandboxMessages()).filter((message) => message.uid === uid);

describe('a push', () => {
  it('is sent to each device of its recipient once', async () => {
    const ids = [
      await register('ann', { platform: 'fcm_android', fcmToken: 'ann-android-token', sessionId: 's1' }),
      await register('ann', { platform: 'FCM_WEB', fcmToken: 'ann-browser-token', sessionId: 's2' }),
    ];
    await register('bob', { platform: 'fcm_android', fcmToken: 'bob-android-token' });
    const id = await send('push', push({ tag: 'two' }, 'Ann'));
    const record = await gateway.notification(id);
    expect(record).toMatchObject({
      appId: 'app123',
      channel: 'push',
      kind: 'chat',
      uid: 'ann',
      status: 'sent',
    });
    expect(new Set(record.deliveries.map(({ deviceId }) => deviceId))).toEqual(new Set(ids));
    for (const delivery of record.deliveries) {
      expect(delivery).toMatchObject({ kind: 'sandbox', provider: 'default', status: 'sent', reason: null });
      expect(delivery.attempts).toEqual([
        {
          attempt: 1,
          provider: 'default',
          outcome: 'accepted',
          vendorCode: null,
          vendorMessageId: expect.any(String),
          startedAt: expect.any(String),
          durationMs: expect.any(Number),
          vendorText: null,
          httpStatus: null,
          vendorTraceId: null,
          receipt: null,
        },
      ]);
      expect(delivery.address).toMatch(/^ann-?….+n$/);
    }
    const messages = await given('ann');
    expect(messages.map(({ to }) => to).toSorted()).toEqual(['ann-android-token', 'ann-browser-token']);
    expect(messages[0]).toMatchObject({
      appId: 'app123',
      channel: 'push',
      kind: 'chat',
      outcome: 'accepted',
    });
    expect(messages[0]?.message.data).toMatchObject({
      type: 'chat',
      title: 'Andrew Joseph',
      tag: 'two',
      custom: '{"campaign":"spring"}',
    });
  });

  it('is skipped if its recipient has no device', async () => {
    const record = await gateway.notification(await send('push', push({}, 'nobody')));
    expect(record.status).toBe('skipped');
    expect(record.deliveries).toMatchObject([
      { status: 'skipped', reason: 'no_device', address: null, attempts: [] },
    ]);
  });

  it('keeps U+0000 and replaces lone surrogates', async () => {
    await register('nul', { platform: 'fcm_android', fcmToken: 'nul-android-token' });
    const body = 'a\u0000b\ud800c';
    await gateway.notification(await send('push', push({ body, tag: 'nul' }, 'nul')));
    expect((await given('nul'))[0]?.message.data?.['body']).toBe('a\u0000b\ufffdc');
  });

  it.each([
    ['unavailable-token-1', 'failed', 'provider_unavailable', ['unavailable', 'unavailable', 'unavailable']],
    ['invalid-token-1', 'failed', 'token_invalid', ['refused']],
    ['unregistered-token-1', 'failed', 'token_unregistered', ['refused']],
  ])('to %s ends as %s (%s)', async (token, status, reason, outcomes) => {
    const uid = token.split('-')[0] ?? '';
    await register(uid, { platform: 'fcm_android', fcmToken: token });
    const record = await gateway.notification(await send('push', push({ tag: token }, uid)));
    expect(record.deliveries).toMatchObject([{ status, reason }]);
    expect(record.deliveries[0]?.attempts.map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  it('retires only the device whose token is unregistered', async () => {
    await register('gone', { platform: 'fcm_android', fcmToken: 'unregistered-token-2', sessionId: 's1' });
    await register('gone', { platform: 'fcm_android', fcmToken: 'a-living-token-22', sessionId: 's2' });
    await gateway.notification(await send('push', push({ tag: 'gone' }, 'gone')));
    const devices = async (): Promise<{ sessionId: string }[]> =>
      (await gateway.backend('GET', '/v1/users/gone/devices')).json<{ data: { sessionId: string }[] }>().data;
    await until(async () => (await devices()).length <= 1, devices);
    expect((await devices()).map(({ sessionId }) => sessionId)).toEqual(['s2']);
  });

  it('stays queued while the vendor is over quota', async () => {
    await register('quota', { platform: 'fcm_android', fcmToken: 'quota-token-1' });
    const id = await send('push', push({ tag: 'quota' }, 'quota'));
    const record = await gateway.notification(
      id,
      ({ deliveries }) => deliveries[0]?.attempts[0]?.outcome === 'over_quota',
    );
    expect(record.status).toBe('queued');
    expect(record.deliveries[0]).toMatchObject({ status: 'queued', reason: null });
  });
});

describe('a call', () => {
  it('sends its ring by VoIP and its end as an alert push', async () => {
    await register('callee', {
      platform: 'apns_ios_device',
      deviceToken: 'callee-alert-token',
      sessionId: 's1',
    });
    await register('callee', { platform: 'apns_ios_voip', voipToken: 'callee-voip-token', sessionId: 's1' });
    await gateway.notification(
      await send('push', push({ sessionId: 'v1.x' }, 'callee', 'push-call-initiated')),
    );
    await gateway.notification(
      await send('push', push({ sessionId: 'v1.x' }, 'callee', 'push-call-cancelled')),
    );
    const messages = (await given('callee')).map(({ kind, to, message }) => [
      kind,
      to,
      message['callAction'],
    ]);
    expect(messages).toEqual([
      ['call', 'callee-alert-token', 'cancelled'],
      ['call', 'callee-voip-token', 'initiated'],
    ]);
  });

  it('does not ring if it is older than the ring window', async () => {
    await register('late', { platform: 'fcm_android', fcmToken: 'late-android-token' });
    const stale = push({ sentAt: String(Date.now() - 60_000) }, 'late', 'push-call-initiated');
    const record = await gateway.notification(await send('push', stale));
    expect(record).toMatchObject({
      status: 'expired',
      deliveries: [{ status: 'expired', reason: 'too_old' }],
    });
    // This push is sent after a ring would have been.
    await gateway.notification(await send('push', push({}, 'late')));
    expect((await given('late')).map(({ kind }) => kind)).toEqual(['chat']);
  });
});

describe('an SMS', () => {
  it('is sent to the number of the webhook', async () => {
    const record = await gateway.notification(await send('sms', sms('+14155550123', 'texted')));
    expect(record).toMatchObject({
      channel: 'sms',
      kind: 'sms',
      status: 'sent',
      deliveries: [{ provider: 'sandbox', kind: 'sms', deviceId: null, address: '+14…23', status: 'sent' }],
    });
    expect(await given('texted')).toMatchObject([
      {
        channel: 'sms',
        kind: 'sms',
        to: '+14155550123',
        message: { text: expect.stringContaining('Susan Marie') },
      },
    ]);
  });

  it('is sent to the contact’s number if the webhook has none', async () => {
    await gateway.backend('PUT', '/v1/users/known/contact', { phno: '(415) 555-0124' });
    await gateway.notification(await send('sms', sms(null, 'known')));
    expect((await given('known')).map(({ to }) => to)).toEqual(['+14155550124']);
  });

  it('is rendered from the messages if CometChat sends no text', async () => {
    await gateway.notification(
      await send('sms', sms('+14155550125', 'fallback', 'sms-group-without-smscontent')),
    );
    expect((await given('fallback'))[0]?.message.text).toBe('You have 2 new messages in Hiking Group.');
  });

  it.each([
    ['no_phone_number', null],
    ['invalid_phone_number', 'call me'],
    ['invalid_phone_number', '+1415'],
  ])('is skipped with the reason %s', async (reason, phno) => {
    const record = await gateway.notification(await send('sms', sms(phno, `skip-${reason}-${phno?.length}`)));
    expect(record).toMatchObject({ status: 'skipped', deliveries: [{ status: 'skipped', reason }] });
  });

  it.each([
    ['+14155550500', 'provider_unavailable', 3],
    ['+14155550400', 'message_refused', 1],
    ['+14155550404', 'number_unreachable', 1],
  ])('to %s fails with the reason %s', async (phno, reason, attempts) => {
    const record = await gateway.notification(await send('sms', sms(phno, `fails-${attempts}-${reason}`)));
    expect(record).toMatchObject({ status: 'failed', deliveries: [{ status: 'failed', reason }] });
    expect(record.deliveries[0]?.attempts).toHaveLength(attempts);
  });
});

describe('the log of a delivery', () => {
  it('has a line per stage, without text, token or number', async () => {
    await register('quiet', { platform: 'fcm_android', fcmToken: 'very-secret-token-1' });
    const pushId = await send('push', push({ body: 'a very secret text', tag: 'quiet' }, 'quiet'));
    const smsId = await send('sms', sms('+14155550177', 'quiet'));
    await Promise.all([gateway.notification(pushId), gateway.notification(smsId)]);
    await gateway.webhook('sms', {
      ...sms('+14155550177'),
      smsContent: 'secret',
      data: { to: { uid: 'q', phno: { a: '+14155550177' } } },
    });
    const about = lines.filter((line) => line.includes(pushId));
    for (const event of ['notification.accepted', 'notification.planned', 'delivery.attempted']) {
      expect(about.some((line) => line.includes(`"${event}"`))).toBe(true);
    }
    expect(lines.join('')).not.toMatch(/very-secret-token-1|very secret text|4155550177|Susan Marie/);
  });
});
