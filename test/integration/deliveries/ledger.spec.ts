import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { AcceptedNotification, AttemptResult, Claim } from '../../../src/deliveries/records.js';
import type { ClaimedDelivery, PlannedDelivery } from '../../../src/domain/delivery.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { prismaOn } from '../../support/database.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

let postgres: TestPostgres;
let sql: pg.Pool;
let ledger: Ledger;
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 10 });
  // The server may close before the pool's last idle connection does.
  sql.on('error', () => undefined);
  ledger = new Ledger(sql, prismaOn(sql), Object.assign(new GatewayConfig(), { apps: [] }));
});
afterAll(async () => {
  await sql.end();
  await postgres.close();
});

describe('Ledger.plan', () => {
  it('writes a plan once, and answers a repetition with the deliveries left to send', async () => {
    const accepted = notification();
    const first = [delivery(), delivery('another')];
    expect(await ledger.plan(accepted, { deliveries: first })).toEqual({
      claimed: [],
      queued: first.map(({ id, provider, kind }) => ({ id, provider, kind })),
    });
    await ledger.record(result(claimed(await ledger.claim(first[0]?.id ?? ''))));
    const again = await ledger.plan(accepted, { deliveries: [delivery(), delivery(), delivery()] });
    const left = { id: first[1]?.id, provider: 'default', kind: 'fcm', dueInMs: 0 };
    expect(again).toEqual({ claimed: [], queued: [left] });
  });

  it('writes one plan when several processes plan the same notification at once', async () => {
    const accepted = notification();
    const other = new Ledger(sql, prismaOn(sql), Object.assign(new GatewayConfig(), { apps: [] }));
    const plans = await Promise.all(
      [ledger, other, ledger, other].map((each) => each.plan(accepted, { deliveries: [delivery()] })),
    );
    expect(new Set(plans.map(({ queued }) => queued[0]?.id)).size).toBe(1);
  });

  it('records that there is nothing to send, and the reason', async () => {
    const accepted = notification();
    const none = await ledger.plan(accepted, { skipped: 'skipped', reason: 'no_device' });
    expect(none).toEqual({ claimed: [], queued: [] });
    expect(await rowOf('notification', accepted.id)).toMatchObject({
      status: 'skipped',
      settled_at: expect.any(Date),
    });
  });

  it('keeps the contents of concurrent plans apart', async () => {
    const content = (body: string): string => JSON.stringify({ body: `${body} "\\ \u001e \u0000 {}` });
    const plans = [
      { accepted: notification({ content: content('1') }), deliveries: [] },
      { accepted: notification({ content: content('2') }), deliveries: [delivery('"quoted"')] },
      {
        accepted: notification({ content: content('3') }),
        deliveries: [delivery('a,b'), { ...delivery('{}'), options: { title: 'NULL' } }, delivery('\\')],
      },
    ];
    await Promise.all(
      plans.map(({ accepted, deliveries }) =>
        ledger.plan(
          accepted,
          deliveries.length > 0 ? { deliveries } : { skipped: 'skipped', reason: 'no_device' },
        ),
      ),
    );
    for (const { accepted, deliveries } of plans) {
      expect(await rowOf('notification', accepted.id)).toMatchObject({ content: accepted.content });
      for (const { id, address, options = null } of deliveries) {
        expect(await rowOf('delivery', id)).toMatchObject({ address, options });
      }
    }
    const { rows } = await sql.query('SELECT address, options FROM delivery WHERE notification_id = $1', [
      plans[0]?.accepted.id,
    ]);
    expect(rows).toEqual([{ address: null, options: null }]);
  });

  it('skips some addresses and queues the others', async () => {
    const accepted = notification();
    const kept = delivery();
    const { queued } = await ledger.plan(accepted, {
      deliveries: [{ ...delivery(), skip: 'no_provider' }, kept],
    });
    expect(queued.map(({ id }) => id)).toEqual([kept.id]);
    expect(await rowOf('notification', accepted.id)).toMatchObject({ status: 'queued', settled_at: null });
  });
});

describe('Ledger.claim', () => {
  it('returns everything that sending needs', async () => {
    const { accepted, ids } = await planned();
    expect(claimed(await ledger.claim(ids[0] ?? ''))).toMatchObject({
      id: ids[0],
      notificationId: accepted.id,
      appId: 'app123',
      channel: 'push',
      notificationKind: 'chat',
      uid: 'ann',
      provider: 'default',
      kind: 'fcm',
      address: { transport: 'fcm', token: 'token-0', platform: 'fcm_android' },
      content: { to: { uid: 'ann' }, notificationDetails: { type: 'chat', body: 'a\u0000b' } },
      attempt: 1,
      rings: false,
      unanswered: 0,
      expiresAt: accepted.expiresAt,
    });
  });

  it('gives a delivery to one process at a time', async () => {
    const { ids } = await planned();
    const id = ids[0] ?? '';
    const other = new Ledger(sql, prismaOn(sql), Object.assign(new GatewayConfig(), { apps: [] }));
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? ledger : other).claim(id)),
    );
    expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ state }) => state === 'busy')).toHaveLength(19);
  });

  it('gives an expired claim to another process and records the first attempt as unknown', async () => {
    const { ids } = await planned();
    const id = ids[0] ?? '';
    const first = claimed(await ledger.claim(id));
    await letClaimRunOut(id);
    const second = claimed(await ledger.claim(id));
    expect([first.attempt, second.attempt]).toEqual([1, 2]);
    expect(await outcomesOf(id)).toEqual(['unknown', 'unknown']);
    // The late result updates its own attempt, but no longer the delivery.
    await ledger.record(result(first, retry));
    expect(await rowOf('delivery', id)).toMatchObject({ status: 'queued', claimed_until: expect.any(Date) });
    expect(await ledger.claim(id)).toMatchObject({ state: 'busy' });
    await ledger.record(result(second));
    expect(await outcomesOf(id)).toEqual(['unavailable', 'accepted']);
    expect(await rowOf('delivery', id)).toMatchObject({ status: 'sent' });
  });

  it('rejects a result for an attempt that does not exist', async () => {
    const { ids } = await planned();
    const taken = claimed(await ledger.claim(ids[0] ?? ''));
    const [written, unknown] = await Promise.allSettled([
      ledger.record(result(taken)),
      ledger.record(result({ ...taken, id: newId() })),
    ]);
    expect([written.status, unknown.status]).toEqual(['fulfilled', 'rejected']);
    expect(await rowOf('delivery', taken.id)).toMatchObject({ status: 'sent' });
  });

  it('returns the number of unanswered attempts and whether the push rings', async () => {
    const ring = { ...delivery(), ringSession: 'v1.counted' };
    await ledger.plan(notification(), { deliveries: [ring] });
    const unanswered: number[] = [];
    for (const outcome of ['unknown', 'unavailable', 'unknown', 'over_quota'] as const) {
      const made = claimed(await ledger.claim(ring.id));
      expect(made.rings).toBe(true);
      unanswered.push(made.unanswered);
      await ledger.record(result(made, { ...retry, outcome }));
    }
    expect([...unanswered, claimed(await ledger.claim(ring.id)).unanswered]).toEqual([0, 1, 1, 2, 2]);
  });

  it('returns no claim once an earlier attempt turns out to have been sent', async () => {
    const { ids } = await planned();
    const id = ids[0] ?? '';
    const first = claimed(await ledger.claim(id));
    await letClaimRunOut(id);
    const second = claimed(await ledger.claim(id));
    await ledger.record(result(first));
    await ledger.record(result(second, retry));
    expect(await ledger.claim(id)).toEqual({ state: 'settled' });
    expect(await rowOf('delivery', id)).toMatchObject({ status: 'sent', reason: null });
  });

  it('is undone without a trace by release', async () => {
    const { ids } = await planned();
    const id = ids[0] ?? '';
    await ledger.release(claimed(await ledger.claim(id)));
    expect(await outcomesOf(id)).toEqual([]);
    expect(claimed(await ledger.claim(id)).attempt).toBe(1);
  });

  it('returns no claim for an expired delivery', async () => {
    const { accepted, ids } = await planned(1, { expiresAt: new Date(Date.now() - 1) });
    const id = ids[0] ?? '';
    expect(await ledger.claim(id)).toEqual({ state: 'expired', reason: 'too_old' });
    await ledger.expire(id, 'too_old');
    expect(await rowOf('delivery', id)).toMatchObject({ status: 'expired', reason: 'too_old' });
    expect(await rowOf('notification', accepted.id)).toMatchObject({
      status: 'expired',
      settled_at: expect.any(Date),
    });
  });

  it('reports a delivery that does not exist', async () => {
    expect(await ledger.claim(newId())).toEqual({ state: 'missing' });
  });
});

describe('Ledger.record', () => {
  it('settles the notification with its last delivery, at the best status of all', async () => {
    const { accepted, ids } = await planned(3);
    const claims = (await Promise.all(ids.map((id) => ledger.claim(id)))).map(claimed);
    const refused: Partial<AttemptResult> = {
      outcome: 'refused',
      vendorMessageId: null,
      status: 'failed',
      reason: 'token_invalid',
    };
    await ledger.record(result(claims[0] as ClaimedDelivery, refused));
    expect(await rowOf('notification', accepted.id)).toMatchObject({ status: 'queued', settled_at: null });
    await ledger.record(result(claims[1] as ClaimedDelivery));
    expect(await rowOf('notification', accepted.id)).toMatchObject({ status: 'sent', settled_at: null });
    await ledger.record(result(claims[2] as ClaimedDelivery, refused));
    expect(await rowOf('notification', accepted.id)).toMatchObject({
      status: 'sent',
      settled_at: expect.any(Date),
    });
  });

  it('records many results at once', async () => {
    const plans = await Promise.all(Array.from({ length: 300 }, () => planned(2)));
    const ids = plans.flatMap((plan) => plan.ids);
    const claims = (await Promise.all(ids.map((id) => ledger.claim(id)))).map(claimed);
    await Promise.all(claims.map((claim) => ledger.record(result(claim))));
    const { rows } = await sql.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM notification WHERE id = ANY($1::uuid[]) AND status = 'sent' AND settled_at IS NOT NULL`,
      [plans.map(({ accepted }) => accepted.id)],
    );
    expect(rows[0]?.count).toBe(300);
  });
});

const HOUR_MS = 3_600_000;
const notification = (change: Partial<AcceptedNotification> = {}): AcceptedNotification => ({
  id: newId(),
  appId: 'app123',
  channel: 'push',
  kind: 'chat',
  uid: 'ann',
  receivedAt: new Date(),
  content: '{"to":{"uid":"ann"},"notificationDetails":{"type":"chat","body":"a\\u0000b"}}',
  expiresAt: new Date(Date.now() + HOUR_MS),
  ...change,
});
const delivery = (token = 'a-token'): PlannedDelivery => ({
  id: newId(),
  provider: 'default',
  kind: 'fcm',
  deviceId: null,
  address: { transport: 'fcm', token, platform: 'fcm_android' },
});
const planned = async (count = 1, change: Partial<AcceptedNotification> = {}) => {
  const accepted = notification(change);
  const deliveries = Array.from({ length: count }, (_, i) => delivery(`token-${i}`));
  await ledger.plan(accepted, { deliveries });
  return { accepted, ids: deliveries.map(({ id }) => id) };
};
const claimed = (claim: Claim): ClaimedDelivery => {
  if (claim.state !== 'claimed') throw new Error(`Unexpected claim state: ${claim.state}`);
  return claim.delivery;
};
const result = (of: ClaimedDelivery, change: Partial<AttemptResult> = {}): AttemptResult => ({
  deliveryId: of.id,
  notificationId: of.notificationId,
  attempt: of.attempt,
  outcome: 'accepted',
  vendorCode: null,
  vendorMessageId: 'm1',
  durationMs: 5,
  status: 'sent',
  reason: null,
  dropped: [],
  ...change,
});
const retry: Partial<AttemptResult> = {
  outcome: 'unavailable',
  vendorCode: '503',
  vendorMessageId: null,
  status: 'queued',
};
const rowOf = async (table: string, id: string): Promise<Record<string, unknown>> =>
  (await sql.query<Record<string, unknown>>(`SELECT * FROM ${table} WHERE id = $1`, [id])).rows[0] ?? {};
const outcomesOf = async (id: string): Promise<string[]> =>
  (
    await sql.query<{ outcome: string }>(
      'SELECT outcome FROM attempt WHERE delivery_id = $1 ORDER BY attempt',
      [id],
    )
  ).rows.map(({ outcome }) => outcome);
const letClaimRunOut = (id: string) =>
  sql.query(`UPDATE delivery SET claimed_until = now() - interval '1 second' WHERE id = $1`, [id]);
