import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { CountedPush, BurstPlace } from '../../../src/deliveries/sql/burst.sql.js';
import type { ClaimedDelivery, DeliveryOptions } from '../../../src/domain/delivery.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { prismaOn, startDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let sql: pg.Pool;
let ledger: Ledger;
beforeAll(async () => {
  database = await startDatabase();
  ({ sql } = database);
  ledger = new Ledger(sql, prismaOn(sql), Object.assign(new GatewayConfig(), { apps: [] }));
});
afterAll(() => database.close());

describe('a burst of pushes in one conversation', () => {
  it('sends pushes one by one up to the ceiling and the rest as one digest', async () => {
    const { send } = conversation();
    expect(await placeOf(send('1'))).toBe('alone');
    expect(await placeOf(send('2'))).toBe('alone');
    const third = await send('3');
    expect(third).toMatchObject({ place: DIGEST, count: 3, silent: false });
    // The individual pushes are sent first.
    expect(third.place === DIGEST && third.dueInMs).toBeGreaterThan(900);
    expect(third.place === DIGEST && third.dueInMs).toBeLessThanOrEqual(1_000);
    expect(await placeOf(send('4'))).toBe('collapsed');
    expect(await placeOf(send('5'))).toBe('collapsed');
  });

  it('counts pushes per user, app and conversation', async () => {
    const { send } = conversation();
    await Promise.all([send('1'), send('2')]);
    expect(await placeOf(send('3', { uid: 'bob' }))).toBe('alone');
    expect(await placeOf(send('3', { appId: 'another' }))).toBe('alone');
    expect(await placeOf(conversation().send('3'))).toBe('alone');
  });

  it('puts the newest message and the total count into the digest', async () => {
    const { send, digest } = conversation();
    await send('1');
    await send('2');
    const { deliveries } = await digest('3', 2);
    await send('4');
    await send('5', { options: { title: 'Shaped' } });
    expect(await claimDigest(deliveries[0])).toEqual({ body: '5', count: 5 });
    expect((await claimed(deliveries[1])).options).toMatchObject({ title: 'Shaped', storm: { count: 5 } });
  });

  it('skips an individual push that is still queued once a digest covers it', async () => {
    const { send, plan, digest, advance } = conversation();
    const late = newId();
    const [lateDelivery] = await plan(late, await send('1', { notificationId: late }));
    const prompt = newId();
    const [promptDelivery] = await plan(prompt, await send('2', { notificationId: prompt }));
    const { deliveries } = await digest('3');
    expect(await ledger.claim(promptDelivery ?? '')).toMatchObject({ state: 'claimed' });
    expect(await claimDigest(deliveries[0])).toEqual({ body: '3', count: 3 });
    expect(await ledger.claim(lateDelivery ?? '')).toEqual({ state: 'collapsed' });

    // The next window has its own count, which no digest covers yet.
    await advance(3 * LIMITS.windowSeconds);
    const next = newId();
    const [nextDelivery] = await plan(next, await send('4', { notificationId: next }));
    expect(await ledger.claim(nextDelivery ?? '')).toMatchObject({ state: 'claimed' });
  });

  it('puts the newest message into the digest, whatever the order of planning', async () => {
    const { send, digest } = conversation();
    await send('1');
    await send('2');
    const early = newId();
    const { deliveries } = await digest('newest');
    await send('planned late', { notificationId: early });
    expect(await claimDigest(deliveries[0])).toEqual({ body: 'newest', count: 4 });
  });

  it('schedules the next digest silently, one interval after the one that was claimed', async () => {
    const { send, digest, dueMs } = conversation();
    await send('1');
    await send('2');
    const first = await digest('3');
    const firstDueMs = await dueMs();
    await claimDigest(first.deliveries[0]);
    const second = await digest('4');
    expect(second.place).toMatchObject({ place: DIGEST, count: 4, silent: true });
    if (second.place.place !== DIGEST) throw new Error('unreachable');
    expect((await dueMs()) - firstDueMs).toBe(1_000 * LIMITS.collapseSeconds);
    expect(second.place.dueInMs).toBeLessThanOrEqual(11_000);
    expect(await placeOf(send('5'))).toBe('collapsed');
    expect(await claimDigest(second.deliveries[0])).toEqual({ body: '5', count: 5 });
  });

  it('sends a delayed delivery of a digest until the next digest is due', async () => {
    const { send, digest, advance } = conversation();
    await send('1');
    await send('2');
    const first = await digest('3', 3);
    await claimDigest(first.deliveries[0]);
    const second = await digest('4', 3);
    expect(await claimDigest(first.deliveries[1])).toEqual({ body: '4', count: 4 });
    await advance(12);
    // Sent now, it would replace the newer second digest.
    expect(await ledger.claim(first.deliveries[2] ?? '')).toEqual({ state: 'collapsed' });
    const { rows } = await sql.query(
      'SELECT status, reason, attempts, claimed_until FROM delivery WHERE id = $1',
      [first.deliveries[2]],
    );
    expect(rows).toEqual([{ status: 'skipped', reason: 'collapsed', attempts: 0, claimed_until: null }]);
    expect(await claimDigest(second.deliveries[2])).toEqual({ body: '4', count: 4 });
  });

  it('starts another digest when one is overdue by a minute', async () => {
    const { send, digest, advance } = conversation();
    await send('1');
    await send('2');
    const lost = await digest('3');
    await send('4');
    await advance(50);
    expect(await placeOf(send('5'))).toBe('collapsed');
    await advance(12);
    const next = await digest('6');
    expect(await claimDigest(next.deliveries[0])).toEqual({ body: '6', count: 6 });
    await advance(2);
    expect(await ledger.claim(lost.deliveries[0] ?? '')).toEqual({ state: 'collapsed' });
  });

  it('continues while each window exceeds the ceiling', async () => {
    const { send, digest, advance } = conversation();
    const nextDigest = async (body: string) => claimDigest((await digest(body)).deliveries[0]);
    await send('1');
    await send('2');
    expect(await nextDigest('3')).toEqual({ body: '3', count: 3 });
    await advance(61);
    // The previous window had three pushes, this one gets two: the burst ends with the next window.
    expect(await nextDigest('4')).toEqual({ body: '4', count: 4 });
    expect(await nextDigest('5')).toEqual({ body: '5', count: 5 });
    await advance(61);
    expect(await placeOf(send('6'))).toBe('alone');
  });

  it('ends after a window without pushes', async () => {
    const { send, digest, advance } = conversation();
    for (const body of ['1', '2']) await send(body);
    await claimDigest((await digest('3')).deliveries[0]);
    await advance(121);
    expect(await placeOf(send('4'))).toBe('alone');
  });

  it('keeps its own count in a digest that is claimed after the end of the burst', async () => {
    const { send, digest, advance } = conversation();
    await send('1');
    await send('2');
    const { deliveries } = await digest('3', 2);
    await claimDigest(deliveries[0]);
    await advance(121);
    await send('a new day');
    expect(await claimDigest(deliveries[1])).toEqual({ body: '3', count: 3 });
  });

  it('counts a push once when its plan runs again', async () => {
    const { send, plan } = conversation();
    await send('1');
    await send('2');
    const again = { notificationId: newId() };
    const first = await send('3', again);
    expect(await send('3', again)).toMatchObject({ place: DIGEST, count: 3 });
    const joined = { notificationId: newId() };
    expect([await placeOf(send('4', joined)), await placeOf(send('4', joined))]).toEqual([
      'collapsed',
      'collapsed',
    ]);
    const [delivery] = await plan(again.notificationId, first);
    expect(await claimDigest(delivery)).toEqual({ body: '4', count: 4 });
  });

  it('sends no digest before the time that a rule sets', async () => {
    const { send, dueMs } = conversation();
    await send('1');
    await send('2');
    const notBefore = new Date(Date.now() + 100_000);
    expect(await placeOf(send('3', { notBefore }))).toBe(DIGEST);
    expect(await dueMs()).toBe(notBefore.getTime());
  });

  it('falls back to the content of the push when the burst is no longer stored', async () => {
    const { send, digest } = conversation();
    await send('1');
    await send('2');
    const { deliveries } = await digest('3');
    await sql.query('DELETE FROM conversation_storm');
    expect(await claimDigest(deliveries[0])).toEqual({ body: 'its own', count: 3 });
  });

  it('is deleted two days after its last push', async () => {
    const [old, fresh] = [conversation(), conversation()];
    for (const { send } of [old, fresh]) for (const body of ['1', '2', '3']) await send(body);
    await sql.query(
      `UPDATE conversation_storm SET updated_at = now() - interval '49 hours' WHERE conversation_id = $1`,
      [old.conversationId],
    );
    await ledger.prune(new Date(0));
    expect([await placeOf(old.send('4')), await placeOf(fresh.send('4'))]).toEqual(['alone', 'collapsed']);
  });

  it('loses no push and counts none twice under concurrency', async () => {
    const { send, plan } = conversation({ ceiling: 5, windowSeconds: 3_600, collapseSeconds: 1 });
    const shown: { body: string; count: number | undefined }[] = [];
    let alone = 0;
    const one = async (i: number): Promise<void> => {
      const id = newId();
      const place = await send(String(i), { notificationId: id });
      if (place.place === 'alone') alone++;
      if (place.place !== DIGEST) return;
      const [delivery] = await plan(id, place);
      await new Promise((resolve) => setTimeout(resolve, i % 7));
      const claim = await ledger.claim(delivery ?? '');
      if (claim.state === 'claimed') shown.push(digestOf(claim.delivery));
    };
    await Promise.all(Array.from({ length: 300 }, (_, i) => one(i)));
    expect(alone).toBe(5);
    // Ids increase with the numbers: the last number is the newest message.
    expect(shown.toSorted((a, b) => (a.count ?? 0) - (b.count ?? 0)).at(-1)).toEqual({
      body: '299',
      count: 300,
    });
  });
});

const LIMITS = { ceiling: 2, windowSeconds: 60, collapseSeconds: 10 };
/** The `place` of a push that becomes a digest. */
const DIGEST = 'digest';
let conversations = 0;

/** Counts, plans and claims the pushes of one user in one conversation. */
function conversation(limits = LIMITS) {
  const conversationId = `group-${++conversations}`;
  const contentOf = (body: string) => ({ to: { uid: 'ann' }, notificationDetails: { body } });
  const send = (body: string, change: Partial<CountedPush> = {}): Promise<BurstPlace> =>
    ledger.countPush(
      {
        notificationId: newId(),
        appId: 'app123',
        uid: 'ann',
        conversationId,
        content: JSON.stringify(contentOf(body)),
        options: {},
        notBefore: new Date(0),
        ...change,
      },
      limits,
    );
  /** Plans a push for several devices. @returns the ids of its deliveries. */
  const plan = async (notificationId: string, place: BurstPlace, devices = 1): Promise<string[]> => {
    if (place.place === 'collapsed') throw new Error('A collapsed push has no delivery.');
    const { began } = place;
    const options =
      place.place === 'alone'
        ? { countedIn: { conversationId, began } }
        : { storm: { conversationId, count: place.count, silent: place.silent, began } };
    const deliveries = Array.from({ length: devices }, () => ({
      id: newId(),
      provider: 'default',
      kind: 'fcm',
      deviceId: null,
      address: { transport: 'fcm' as const, token: 'a-token', platform: 'fcm_android' },
      options,
    }));
    const { queued } = await ledger.plan(
      {
        id: notificationId,
        appId: 'app123',
        channel: 'push',
        kind: 'chat',
        uid: 'ann',
        receivedAt: new Date(),
        content: JSON.stringify(contentOf('its own')),
        expiresAt: new Date(Date.now() + 3_600_000),
      },
      { deliveries },
    );
    return queued.map(({ id }) => id);
  };
  /** Counts and plans a digest push. */
  const digest = async (body: string, devices = 1, options: DeliveryOptions = {}) => {
    const id = newId();
    const place = await send(body, { notificationId: id, options });
    return { id, place, deliveries: await plan(id, place, devices) };
  };
  /** Advances time for this conversation only. */
  const advance = (seconds: number) =>
    sql.query(
      `UPDATE conversation_storm SET window_start = window_start - $2 * interval '1 second', due = due - $2 * interval '1 second'
       WHERE conversation_id = $1`,
      [conversationId, seconds],
    );
  /** When its latest digest is due, by the database clock. */
  const dueMs = async (): Promise<number> => {
    const { rows } = await sql.query<{ due: Date }>(
      'SELECT due FROM conversation_storm WHERE conversation_id = $1',
      [conversationId],
    );
    return rows[0]?.due.getTime() ?? Number.NaN;
  };
  return { conversationId, send, plan, digest, advance, dueMs };
}

const claimed = async (deliveryId: string | undefined): Promise<ClaimedDelivery> => {
  const claim = await ledger.claim(deliveryId ?? '');
  if (claim.state !== 'claimed') throw new Error(`Unexpected claim state: ${claim.state}`);
  return claim.delivery;
};
function digestOf({ content, options }: ClaimedDelivery): { body: string; count: number | undefined } {
  const { body } = (content as { notificationDetails: { body: string } }).notificationDetails;
  return { body, count: options.storm?.count };
}
const claimDigest = async (deliveryId: string | undefined) => digestOf(await claimed(deliveryId));
const placeOf = async (place: Promise<BurstPlace>): Promise<string> => (await place).place;
