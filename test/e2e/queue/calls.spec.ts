import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { push, type PushWebhook } from '../../support/payloads.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { until } from '../../support/until.js';
import { ringsAfterEnd } from '../../support/rings-after-end.js';

// Two gateways on the same stores: either may accept, plan and send any event.
let postgres: TestPostgres;
let gateways: [TestGateway, TestGateway];
let sql: pg.Pool;
beforeAll(async () => {
  postgres = await startPostgres();
  gateways = [await startTestGateway({ postgres }), await startTestGateway({ postgres, keepRedis: true })];
  sql = new pg.Pool({ connectionString: postgres.url, max: 2 });
  // The server stops before the pool has closed its idle connections.
  sql.on('error', () => undefined);
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await sql.end();
  await postgres.close();
});

const ENDS = ['cancelled', 'canceled', 'unanswered', 'rejected', 'busy', 'ended', 'ongoing'];
let count = 0;

/** A new user with an iPhone and an Android phone. */
const callee = async (): Promise<{
  uid: string;
  event: (action: string, change?: object) => PushWebhook;
}> => {
  const uid = `callee-${++count}`;
  const sessionId = `v1.session.${count}`;
  await Promise.all(
    [
      { platform: 'apns_ios_device', deviceToken: `${uid}-alert-token`, sessionId: 's1' },
      { platform: 'apns_ios_voip', voipToken: `${uid}-voip-token`, sessionId: 's1' },
      { platform: 'fcm_android', fcmToken: `${uid}-android-token`, sessionId: 's2' },
    ].map((device) => gateways[0].backend('POST', `/v1/users/${uid}/devices`, device)),
  );
  const event = (callAction: string, change: object = {}): PushWebhook =>
    push({ callAction, sessionId, ...change }, uid, 'push-call-initiated');
  return { uid, event };
};
const send = async (event: PushWebhook, through: TestGateway = gateways[0]): Promise<string> =>
  (await through.webhook('push', event)).json<{ notificationId: string }>().notificationId;
const settle = (id: string) => gateways[0].notification(id);
const given = async (uid: string) =>
  (await gateways[0].sandboxMessages()).filter((message) => message.uid === uid);
const isRing = (message: Record<string, unknown>): boolean =>
  JSON.stringify(message).includes('"callAction":"initiated"');
const ringsOf = async (uid: string): Promise<string[]> =>
  (await given(uid)).filter(({ message }) => isRing(message)).map(({ to }) => to.replace(`${uid}-`, ''));

describe('a call', () => {
  it('rings on every phone of its callee, by VoIP on the iPhone', async () => {
    const { uid, event } = await callee();
    await settle(await send(event('initiated')));
    expect((await ringsOf(uid)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'android-token',
      'voip-token',
    ]);
  });

  it.each(ENDS)('does not ring if it is %s before it is planned', async (end) => {
    const { uid, event } = await callee();
    await settle(await send(event(end), gateways[1]));
    const record = await settle(await send(event('initiated')));
    expect(record).toMatchObject({
      status: 'expired',
      deliveries: [{ status: 'expired', reason: 'call_over' }],
    });
    // This push is sent after a ring would have been.
    await settle(await send(push({ tag: `after-${uid}` }, uid)));
    expect(await ringsOf(uid)).toEqual([]);
  });

  it.each(ENDS)('sends no VoIP push when it is %s', async (end) => {
    const { uid, event } = await callee();
    await settle(await send(event('initiated')));
    await settle(await send(event(end)));
    const after = (await given(uid))
      .filter(({ message }) => !isRing(message))
      .map(({ to }) => to.replace(`${uid}-`, ''));
    expect(after.toSorted((a, b) => a.localeCompare(b))).toEqual(['alert-token', 'android-token']);
  });

  it.each([
    ['unanswered', true],
    ['cancelled', true],
    ['rejected', false],
    ['ended', false],
  ])('that rang and is %s shows a missed call: %s', async (end, shown) => {
    const { uid, event } = await callee();
    await settle(await send(event('initiated')));
    await settle(await send(event(end)));
    const alert = (await given(uid)).find(
      ({ to, message }) => to.endsWith('alert-token') && !isRing(message),
    );
    expect(JSON.stringify(alert?.message).includes('Missed audio call')).toBe(shown);
  });

  it('shows no missed call if it never rang', async () => {
    const { uid, event } = await callee();
    await settle(await send(event('cancelled')));
    expect(JSON.stringify(await given(uid))).not.toContain('Missed');
  });

  it('shows a missed call if no vendor accepted its ring', async () => {
    const uid = `callee-${++count}`;
    const register = (platform: object) => gateways[0].backend('POST', `/v1/users/${uid}/devices`, platform);
    await register({ platform: 'fcm_android', fcmToken: `unavailable-${uid}`, sessionId: 's1' });
    const event = (callAction: string) => push({ callAction, sessionId: uid }, uid, 'push-call-initiated');
    const ring = await send(event('initiated'));
    await gateways[0].notification(ring, ({ deliveries }) => (deliveries[0]?.attempts.length ?? 0) > 0);
    await register({ platform: 'apns_ios_device', deviceToken: `${uid}-alert-token`, sessionId: 's2' });
    await send(event('cancelled'));
    expect((await settle(ring)).deliveries).toMatchObject([{ status: 'expired', reason: 'call_over' }]);
    const alerts = async () => (await given(uid)).filter(({ to }) => to.endsWith('alert-token'));
    await until(async () => (await alerts()).length > 0, alerts);
    expect(JSON.stringify(await alerts())).toContain('Missed audio call');
  });

  it('rings by the alert token of a phone with a dead VoIP token, and rings no other phone twice', async () => {
    const uid = `callee-${++count}`;
    const phones = [
      { platform: 'apns_ios_device', deviceToken: `${uid}-alert-token`, sessionId: 's1' },
      { platform: 'apns_ios_voip', voipToken: `unregistered-${uid}`, sessionId: 's1' },
      { platform: 'apns_ios_device', deviceToken: `${uid}-tablet-token` },
    ];
    for (const phone of phones) await gateways[0].backend('POST', `/v1/users/${uid}/devices`, phone);
    const event = (callAction: string) => push({ callAction, sessionId: uid }, uid, 'push-call-initiated');
    const { status, deliveries } = await settle(await send(event('initiated')));
    expect([status, deliveries.length]).toEqual(['sent', 3]);
    expect(deliveries).toContainEqual(
      expect.objectContaining({ status: 'failed', reason: 'token_unregistered' }),
    );
    expect((await ringsOf(uid)).toSorted()).toEqual(['alert-token', 'tablet-token', `unregistered-${uid}`]);
  });

  it('is identified by its user and session', async () => {
    const first = await callee();
    const second = await callee();
    await settle(await send(first.event('cancelled')));
    await settle(await send(second.event('initiated')));
    await settle(await send(first.event('initiated', { sessionId: 'v1.another' })));
    expect((await ringsOf(second.uid)).length).toBe(2);
    expect((await ringsOf(first.uid)).length).toBe(2);
  });

  it.each([
    ['missing', undefined, 2],
    ['in the future', 3_600_000, 2],
    ['five seconds old', -5_000, 2],
    ['older than the ring window', -46_000, 0],
  ])('with a sentAt that is %s rings on %s phones', async (_, offsetMs, phones) => {
    const { uid, event } = await callee();
    const sentAt = offsetMs === undefined ? null : String(Date.now() + offsetMs);
    const record = await settle(await send(event('initiated', { sentAt })));
    expect(await ringsOf(uid)).toHaveLength(phones);
    if (phones === 0)
      expect(record).toMatchObject({ status: 'expired', deliveries: [{ reason: 'too_old' }] });
  });

  it.each([Number, String])(
    'with a sentAt in seconds (%p) rings, and apps get it in milliseconds',
    async (as) => {
      const { uid, event } = await callee();
      const seconds = Math.floor(Date.now() / 1_000);
      await settle(await send(event('initiated', { sentAt: as(seconds) })));
      expect(await ringsOf(uid)).toHaveLength(2);
      expect(JSON.stringify(await given(uid))).toContain(`"sentAt":"${seconds * 1_000}"`);
    },
  );

  it('is reported to apps as cancelled if it is canceled', async () => {
    const { uid, event } = await callee();
    await settle(await send(event('canceled')));
    const sent = JSON.stringify(await given(uid));
    expect(sent).toContain('"callAction":"cancelled"');
    expect(sent).not.toContain('canceled');
  });

  it('does not ring again for a duplicate webhook', async () => {
    const { uid, event } = await callee();
    const first = await send(event('initiated'));
    expect(await send(event('initiated', { sentAt: String(Date.now()) }), gateways[1])).toBe(first);
    await settle(first);
    expect(await ringsOf(uid)).toHaveLength(2);
  });

  it('keeps ringing after an unknown action, which apps get silently', async () => {
    const { uid, event } = await callee();
    const unknown = ['hold', 'Initiated', 'participant_joined'].map((action) => event(action));
    for (const one of unknown) expect(await settle(await send(one))).toMatchObject({ status: 'sent' });
    expect(await ringsOf(uid)).toEqual([]);
    await settle(await send(event('initiated')));
    expect(await ringsOf(uid)).toHaveLength(2);
    const updates = (await given(uid)).filter(({ message }) => !isRing(message));
    expect(updates).toHaveLength(2 * unknown.length);
    expect(updates.filter(({ to }) => to.endsWith('voip-token'))).toEqual([]);
    expect(JSON.stringify(updates)).toContain('"callAction":"participant_joined"');
    // None of them is visible: neither an alert nor a notification block.
    expect(JSON.stringify(updates)).not.toMatch(/"alert":|"notification":/);
  });

  it('accepts an unknown action once per distinct content', async () => {
    const { event } = await callee();
    const joined = event('participant_joined', { participant: 'ann' });
    const first = await send(joined);
    expect(await send(joined)).toBe(first);
    expect(await send(event('participant_joined', { participant: 'bob' }))).not.toBe(first);
  });

  it('is not retried once it is over', async () => {
    const { uid, event } = await callee();
    const device = { platform: 'fcm_android', fcmToken: 'unavailable-for-calls', sessionId: 's9' };
    await gateways[0].backend('POST', `/v1/users/${uid}/devices`, device);
    const ring = await send(event('initiated'));
    await gateways[0].notification(ring, ({ deliveries }) =>
      deliveries.some(({ attempts }) => attempts.length > 1),
    );
    // The end is sent to the failing device as well, and is not awaited.
    await send(event('cancelled'), gateways[1]);
    const record = await settle(ring);
    const failing = record.deliveries.find(({ address }) => address?.startsWith('unav'));
    expect(failing).toMatchObject({ status: 'expired', reason: 'call_over' });
  });

  it('never rings after its end when two processes get duplicated events in any order', async () => {
    const callees = await Promise.all(Array.from({ length: 30 }, callee));
    const webhooks = callees.flatMap(({ event }, i) => {
      const end = ENDS[i % ENDS.length] ?? 'ended';
      const events = [event('initiated'), event(end), event('initiated'), event('ended')];
      const rotated = [...events.slice(i % 4), ...events.slice(0, i % 4)];
      return rotated.map((one, position) => ({ one, through: gateways[(i + position) % 2] }));
    });
    const ids = await Promise.all(webhooks.map(({ one, through }) => send(one, through)));
    // Ids of repeats that reached the spool of a busy gateway are on record, too.
    for (const id of new Set(ids)) await settle(id);
    expect(await ringsAfterEnd(sql)).toEqual([]);
    const called = new Set(callees.map(({ uid }) => uid));
    const rings = (await gateways[0].sandboxMessages())
      .filter(({ uid, message }) => called.has(uid) && isRing(message))
      .map(({ uid, to }) => `${uid} ${to}`);
    expect(rings.length).toBe(new Set(rings).size);
  });
});
