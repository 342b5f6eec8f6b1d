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

const LIMITS = { ceiling: 2, windowSeconds: 60, collapseSeconds: 10 };
let conversations = 0;

/** One conversation of one person, and what is done with its pushes. */
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
  /** Plans a push for some phones. @returns the ids of its deliveries. */
  const plan = async (notificationId: string, place: BurstPlace, phones = 1): Promise<string[]> => {
    if (place.place === 'collapsed') throw new Error('It has no delivery.');
    const { began } = place;
    const options =
      place.place === 'alone'
        ? { countedIn: { conversationId, began } }
        : { storm: { conversationId, count: place.count, silent: place.silent, began } };
    const deliveries = Array.from({ length: phones }, () => ({
      id: newId(),
      provider: 'default',
      kind: 'fcm',
      deviceId: null,
      address: { transport: 'fcm' as const, token: 'a-token', platform: 'fcm_android' },
      options,
    }));
    const ordered = await ledger.plan(
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
    return ordered.map(({ id }) => id);
  };
  /** A push that carries, with the ids of its deliveries. */
  const carrier = async (body: string, phones = 1, options: DeliveryOptions = {}) => {
    const id = newId();
    const place = await send(body, { notificationId: id, options });
    return { id, place, deliveries: await plan(id, place, phones) };
  };
  /** Lets time pass for the conversation alone. */
  const pass = (seconds: number) =>
    sql.query(
      `UPDATE conversation_storm SET window_start = window_start - $2 * interval '1 second', due = due - $2 * interval '1 second'
       WHERE conversation_id = $1`,
      [conversationId, seconds],
    );
  /** When the turn of its latest carrier comes, by the database's clock. */
  const dueMs = async (): Promise<number> => {
    const { rows } = await sql.query<{ due: Date }>(
      'SELECT due FROM conversation_storm WHERE conversation_id = $1',
      [conversationId],
    );
    return rows[0]?.due.getTime() ?? Number.NaN;
  };
  return { conversationId, send, plan, carrier, pass, dueMs };
}

const claimed = async (deliveryId: string | undefined): Promise<ClaimedDelivery> => {
  const claim = await ledger.claim(deliveryId ?? '');
  if (claim.state !== 'claimed') throw new Error(`It is ${claim.state}.`);
  return claim.delivery;
};
function tellOf({ content, options }: ClaimedDelivery): { body: string; count: number | undefined } {
  const { body } = (content as { notificationDetails: { body: string } }).notificationDetails;
  return { body, count: options.storm?.count };
}
const told = async (deliveryId: string | undefined) => tellOf(await claimed(deliveryId));
const placeOf = async (place: Promise<BurstPlace>): Promise<string> => (await place).place;

describe('the pushes of a conversation', () => {
  it('go out one by one up to the ceiling, and then as one', async () => {
    const { send } = conversation();
    expect(await placeOf(send('1'))).toBe('alone');
    expect(await placeOf(send('2'))).toBe('alone');
    const third = await send('3');
    expect(third).toMatchObject({ place: 'carrier', count: 3, silent: false });
    // Those before it go out first.
    expect(third.place === 'carrier' && third.dueInMs).toBeGreaterThan(900);
    expect(third.place === 'carrier' && third.dueInMs).toBeLessThanOrEqual(1_000);
    expect(await placeOf(send('4'))).toBe('collapsed');
    expect(await placeOf(send('5'))).toBe('collapsed');
  });

  it('are counted for each person, app and conversation', async () => {
    const { send } = conversation();
    await Promise.all([send('1'), send('2')]);
    expect(await placeOf(send('3', { uid: 'bob' }))).toBe('alone');
    expect(await placeOf(send('3', { appId: 'another' }))).toBe('alone');
    expect(await placeOf(conversation().send('3'))).toBe('alone');
  });

  it('are told of by the carrier: the newest, and all of them', async () => {
    const { send, carrier } = conversation();
    await send('1');
    await send('2');
    const { deliveries } = await carrier('3', 2);
    await send('4');
    await send('5', { options: { title: 'Shaped' } });
    expect(await told(deliveries[0])).toEqual({ body: '5', count: 5 });
    expect((await claimed(deliveries[1])).options).toMatchObject({ title: 'Shaped', storm: { count: 5 } });
  });

  it('are not sent by themselves once a carrier has told of them', async () => {
    const { send, plan, carrier, pass } = conversation();
    const late = newId();
    const [lateDelivery] = await plan(late, await send('1', { notificationId: late }));
    const prompt = newId();
    const [promptDelivery] = await plan(prompt, await send('2', { notificationId: prompt }));
    const { deliveries } = await carrier('3');
    expect(await ledger.claim(promptDelivery ?? '')).toMatchObject({ state: 'claimed' });
    expect(await told(deliveries[0])).toEqual({ body: '3', count: 3 });
    expect(await ledger.claim(lateDelivery ?? '')).toEqual({ state: 'collapsed' });

    // The next window has a count of its own, which no carrier has told of.
    await pass(3 * LIMITS.windowSeconds);
    const next = newId();
    const [nextDelivery] = await plan(next, await send('4', { notificationId: next }));
    expect(await ledger.claim(nextDelivery ?? '')).toMatchObject({ state: 'claimed' });
  });

  it('have the newest told, whatever order they are planned in', async () => {
    const { send, carrier } = conversation();
    await send('1');
    await send('2');
    const early = newId();
    const { deliveries } = await carrier('newest');
    await send('planned late', { notificationId: early });
    expect(await told(deliveries[0])).toEqual({ body: 'newest', count: 4 });
  });

  it('have the next carrier once one is claimed, at its turn and in silence', async () => {
    const { send, carrier, dueMs } = conversation();
    await send('1');
    await send('2');
    const first = await carrier('3');
    const firstDueMs = await dueMs();
    await told(first.deliveries[0]);
    const second = await carrier('4');
    expect(second.place).toMatchObject({ place: 'carrier', count: 4, silent: true });
    if (second.place.place !== 'carrier') throw new Error('unreachable');
    expect((await dueMs()) - firstDueMs).toBe(1_000 * LIMITS.collapseSeconds);
    expect(second.place.dueInMs).toBeLessThanOrEqual(11_000);
    expect(await placeOf(send('5'))).toBe('collapsed');
    expect(await told(second.deliveries[0])).toEqual({ body: '5', count: 5 });
  });

  it('still go to a phone that is late, until the next turn has come', async () => {
    const { send, carrier, pass } = conversation();
    await send('1');
    await send('2');
    const first = await carrier('3', 3);
    await told(first.deliveries[0]);
    const second = await carrier('4', 3);
    expect(await told(first.deliveries[1])).toEqual({ body: '4', count: 4 });
    await pass(12);
    // Now it could take the place of what the second carrier shows.
    expect(await ledger.claim(first.deliveries[2] ?? '')).toEqual({ state: 'collapsed' });
    const { rows } = await sql.query(
      'SELECT status, reason, attempts, claimed_until FROM delivery WHERE id = $1',
      [first.deliveries[2]],
    );
    expect(rows).toEqual([{ status: 'skipped', reason: 'collapsed', attempts: 0, claimed_until: null }]);
    expect(await told(second.deliveries[2])).toEqual({ body: '4', count: 4 });
  });

  it('have a carrier again when one never comes', async () => {
    const { send, carrier, pass } = conversation();
    await send('1');
    await send('2');
    const lost = await carrier('3');
    await send('4');
    await pass(50);
    expect(await placeOf(send('5'))).toBe('collapsed');
    await pass(12);
    const next = await carrier('6');
    expect(await told(next.deliveries[0])).toEqual({ body: '6', count: 6 });
    await pass(2);
    expect(await ledger.claim(lost.deliveries[0] ?? '')).toEqual({ state: 'collapsed' });
  });

  it('are a storm as long as each window has too many', async () => {
    const { send, carrier, pass } = conversation();
    const calm = async (body: string) => told((await carrier(body)).deliveries[0]);
    await send('1');
    await send('2');
    expect(await calm('3')).toEqual({ body: '3', count: 3 });
    await pass(61);
    // The window before had three, this one gets two: it goes on, and is over with the next.
    expect(await calm('4')).toEqual({ body: '4', count: 4 });
    expect(await calm('5')).toEqual({ body: '5', count: 5 });
    await pass(61);
    expect(await placeOf(send('6'))).toBe('alone');
  });

  it('are none any more after a window of silence', async () => {
    const { send, carrier, pass } = conversation();
    for (const body of ['1', '2']) await send(body);
    await told((await carrier('3')).deliveries[0]);
    await pass(121);
    expect(await placeOf(send('4'))).toBe('alone');
  });

  it('are told of as they were by a carrier that comes when the storm is over', async () => {
    const { send, carrier, pass } = conversation();
    await send('1');
    await send('2');
    const { deliveries } = await carrier('3', 2);
    await told(deliveries[0]);
    await pass(121);
    await send('a new day');
    expect(await told(deliveries[1])).toEqual({ body: '3', count: 3 });
  });

  it('are counted once when their plan is run again', async () => {
    const { send, plan } = conversation();
    await send('1');
    await send('2');
    const again = { notificationId: newId() };
    const first = await send('3', again);
    expect(await send('3', again)).toMatchObject({ place: 'carrier', count: 3 });
    const joined = { notificationId: newId() };
    expect([await placeOf(send('4', joined)), await placeOf(send('4', joined))]).toEqual([
      'collapsed',
      'collapsed',
    ]);
    const [delivery] = await plan(again.notificationId, first);
    expect(await told(delivery)).toEqual({ body: '4', count: 4 });
  });

  it('wait as long as a rule says', async () => {
    const { send, dueMs } = conversation();
    await send('1');
    await send('2');
    const notBefore = new Date(Date.now() + 100_000);
    expect(await placeOf(send('3', { notBefore }))).toBe('carrier');
    expect(await dueMs()).toBe(notBefore.getTime());
  });

  it('are told of without what is no longer on record', async () => {
    const { send, carrier } = conversation();
    await send('1');
    await send('2');
    const { deliveries } = await carrier('3');
    await sql.query('DELETE FROM conversation_storm');
    expect(await told(deliveries[0])).toEqual({ body: 'its own', count: 3 });
  });

  it('are forgotten two days after the last', async () => {
    const [old, fresh] = [conversation(), conversation()];
    for (const { send } of [old, fresh]) for (const body of ['1', '2', '3']) await send(body);
    await sql.query(
      `UPDATE conversation_storm SET updated_at = now() - interval '49 hours' WHERE conversation_id = $1`,
      [old.conversationId],
    );
    await ledger.prune(new Date(0));
    expect([await placeOf(old.send('4')), await placeOf(fresh.send('4'))]).toEqual(['alone', 'collapsed']);
  });

  it('lose none and double none, however many come and go at once', async () => {
    const { send, plan } = conversation({ ceiling: 5, windowSeconds: 3_600, collapseSeconds: 1 });
    const shown: { body: string; count: number | undefined }[] = [];
    let alone = 0;
    const one = async (i: number): Promise<void> => {
      const id = newId();
      const place = await send(String(i), { notificationId: id });
      if (place.place === 'alone') alone++;
      if (place.place !== 'carrier') return;
      const [delivery] = await plan(id, place);
      await new Promise((resolve) => setTimeout(resolve, i % 7));
      const claim = await ledger.claim(delivery ?? '');
      if (claim.state === 'claimed') shown.push(tellOf(claim.delivery));
    };
    await Promise.all(Array.from({ length: 300 }, (_, i) => one(i)));
    expect(alone).toBe(5);
    // Ids are made in the order of the numbers, and so is the newest told.
    expect(shown.toSorted((a, b) => (a.count ?? 0) - (b.count ?? 0)).at(-1)).toEqual({
      body: '299',
      count: 300,
    });
  });
});
